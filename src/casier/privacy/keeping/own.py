"""The table of retention: what this room itself and the rooms beside it keep."""

from __future__ import annotations

from datetime import timedelta

from casier.privacy.keeping import erasers
from casier.privacy.keeping.erasers import older, older_by
from casier.privacy.keeping.kind import Basis, Ends, Kind

_YEAR = timedelta(days=365)
_FIVE = timedelta(days=1825)

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
        firm=(
            "Le temps de répondre à qui dit n’avoir rien reçu ; le fichier lui-même est déjà parti.",
            "As long as somebody may say that they got nothing; the file itself is gone already.",
        ),
    ),
    Kind(
        "erasures",
        ("Effacements demandés", "Erasures asked for"),
        ("privacy.Erasure",),
        Ends.LAW,
        Basis.PROOF,
        (
            "Par numéro de compte, sans le nom ; cinq ans, comme le certificat.",
            "By the account’s number, without the name; five years, as the certificate.",
        ),
        kept=_FIVE,
        eraser=older("privacy.Erasure", "done_at", _FIVE),
        firm=(
            "Plus court, l’effacement ne pourrait plus être prouvé ; plus long, rien ne le justifie.",
            "Shorter, the erasure couldn’t be proved any more; longer, nothing justifies it.",
        ),
    ),
    Kind(
        "contributor_requests",
        ("Demandes d’intervenants, refusées ou tombées", "Requests for contributors, refused or lapsed"),
        ("contributors.Request",),
        Ends.POLICY,
        Basis.DUTY,
        (
            "À compter de la réponse ; une demande acceptée dure autant que le séjour.",
            "From the day of the answer; one that was agreed to, as long as the stay.",
        ),
        by=erasers.requests,
        setting="retention.requests_days",
        eraser=older_by("contributors.Request", "decided_at", "school__academy", erasers.requests, stay=None),
    ),
    Kind(
        "stays",
        ("Séjours d’intervenants", "Stays of contributors"),
        ("contributors.Stay", "contributors.Warned"),
        Ends.POLICY,
        Basis.CONTROL,
        ("Qui en répondait, à compter de la fin.", "Who answered for them, from the end."),
        by=erasers.control,
        setting="retention.control_days",
        eraser=older_by("contributors.Stay", "ended_on", "school__academy", erasers.control),
    ),
    Kind(
        "school_leavings",
        ("Départs dits par un établissement", "Leavings told by a school"),
        ("schools.Leaving",),
        Ends.POLICY,
        Basis.CONTROL,
        ("Qui l’a dit, et de quoi revenir.", "Who said so, and what taking it back needs."),
        by=erasers.control,
        setting="retention.control_days",
        eraser=older_by("schools.Leaving", "at", "school__academy", erasers.control),
    ),
    Kind(
        "mailbox_requests",
        ("Demandes de boîtes d’établissement", "Requests for a school’s mailboxes"),
        ("schools.Request",),
        Ends.POLICY,
        Basis.DUTY,
        ("À compter de la réponse.", "From the day of the answer."),
        by=erasers.requests,
        setting="retention.requests_days",
        eraser=older_by("schools.Request", "decided_at", "academy", erasers.requests),
    ),
    Kind(
        "ended_memberships",
        ("Boîtes fonctionnelles : anciens membres", "Functional mailboxes: former members"),
        ("directory.EndedMembership",),
        Ends.POLICY,
        Basis.DUTY,
        (
            "Pour rendre la place si l’affectation revient.",
            "To give the part back if the posting comes back.",
        ),
        by=erasers.requests,
        setting="retention.requests_days",
        eraser=older_by("directory.EndedMembership", "ended_at", "mailbox__academy", erasers.requests),
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
        firm=(
            "Ce que contient une ligne défait l’acte : au-delà d’une année scolaire, plus personne ne le "
            "défait.",
            "What a line holds undoes the act: after a school year nobody undoes it any more.",
        ),
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
