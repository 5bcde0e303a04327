"""The table of retention: what this room itself and the rooms beside it keep."""

from __future__ import annotations

from datetime import timedelta

from casier.privacy.keeping.erasers import older
from casier.privacy.keeping.kind import Basis, Ends, Kind

_YEAR = timedelta(days=365)
_THREE, _FIVE = timedelta(days=1095), timedelta(days=1825)

KINDS: tuple[Kind, ...] = (
    Kind(
        "person_exports",
        ("Copies de données remises", "Copies of data that were handed over"),
        ("privacy.PersonExport",),
        Ends.FIXED,
        Basis.PROOF,
        (
            "Le fichier part avant (politique) ; la trace, après un an.",
            "The file goes before (policy); the trace, after a year.",
        ),
        kept=_YEAR,
        eraser=older("privacy.PersonExport", "ended_at", _YEAR),
    ),
    Kind(
        "erasures",
        ("Effacements demandés", "Erasures asked for"),
        ("privacy.Erasure",),
        Ends.FIXED,
        Basis.PROOF,
        (
            "Par numéro de compte, sans le nom ; cinq ans, comme le certificat.",
            "By the account’s number, without the name; five years, as the certificate.",
        ),
        kept=_FIVE,
        eraser=older("privacy.Erasure", "done_at", _FIVE),
    ),
    Kind(
        "contributor_requests",
        ("Demandes d’intervenants, refusées ou tombées", "Requests for contributors, refused or lapsed"),
        ("contributors.Request",),
        Ends.FIXED,
        Basis.DUTY,
        (
            "Un an après la réponse ; une demande acceptée dure autant que le séjour.",
            "A year after the answer; one that was agreed to, as long as the stay.",
        ),
        kept=_YEAR,
        eraser=older("contributors.Request", "decided_at", _YEAR, stay=None),
    ),
    Kind(
        "stays",
        ("Séjours d’intervenants", "Stays of contributors"),
        ("contributors.Stay", "contributors.Warned"),
        Ends.FIXED,
        Basis.CONTROL,
        ("Qui en répondait, trois ans après la fin.", "Who answered for them, three years after the end."),
        kept=_THREE,
        eraser=older("contributors.Stay", "ended_on", _THREE),
    ),
    Kind(
        "school_leavings",
        ("Départs dits par un établissement", "Leavings told by a school"),
        ("schools.Leaving",),
        Ends.FIXED,
        Basis.CONTROL,
        ("Qui l’a dit, et de quoi revenir.", "Who said so, and what taking it back needs."),
        kept=_THREE,
        eraser=older("schools.Leaving", "at", _THREE),
    ),
    Kind(
        "mailbox_requests",
        ("Demandes de boîtes d’établissement", "Requests for a school’s mailboxes"),
        ("schools.Request",),
        Ends.FIXED,
        Basis.DUTY,
        ("Un an après la réponse.", "A year after the answer."),
        kept=_YEAR,
        eraser=older("schools.Request", "decided_at", _YEAR),
    ),
    Kind(
        "ended_memberships",
        ("Boîtes fonctionnelles : anciens membres", "Functional mailboxes: former members"),
        ("directory.EndedMembership",),
        Ends.FIXED,
        Basis.DUTY,
        (
            "Pour rendre la place si l’affectation revient.",
            "To give the part back if the posting comes back.",
        ),
        kept=_YEAR,
        eraser=older("directory.EndedMembership", "ended_at", _YEAR),
    ),
    Kind(
        "operations",
        ("Actes groupés de la console", "Acts on many in the console"),
        ("console.Operation", "console.OperationLine", "console.SheetFile"),
        Ends.FIXED,
        Basis.CONTROL,
        ("Qui, combien, et de quoi annuler.", "Who, how many, and what undoing needs."),
        kept=_YEAR,
        eraser=older("console.Operation", "created_at", _YEAR),
    ),
    Kind(
        "sizes",
        ("Place occupée par chaque boîte", "How full each mailbox is"),
        ("console.MailboxSize",),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Le dernier relevé seulement.", "The last reading alone."),
    ),
    Kind(
        "register",
        ("Registre : versions", "Register: versions"),
        ("privacy.RegisterVersion", "privacy.Sweep"),
        Ends.RULED,
        Basis.LAW,
        ("Le registre et ses versions (RGPD, art. 30).", "The register and its versions (GDPR, art. 30)."),
    ),
)
