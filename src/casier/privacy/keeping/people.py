"""The table of retention: people, accounts, rights, their life, the feed, the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.audit.outbox import KEEP_DONE
from casier.audit.pruning import KEPT as JOURNAL
from casier.audit.pruning import erase_old
from casier.privacy.keeping import erasers
from casier.privacy.keeping.anonymous import erase_people
from casier.privacy.keeping.erasers import older_by
from casier.privacy.keeping.kind import Basis, Ends, Kind

_YEAR, _FIVE = timedelta(days=365), timedelta(days=1825)


def _outbox(now: datetime) -> int:
    from casier.audit import outbox

    return outbox.forget_done(now)


def _contacts(now: datetime) -> int:
    from casier.feed.contacts.keeping import forget_old

    return forget_old(now)


KINDS: tuple[Kind, ...] = (
    Kind(
        "person",
        ("Identité, affectations, adresses", "Identity, postings, addresses"),
        (
            "directory.Person",
            "directory.PersonKey",
            "directory.Posting",
            "directory.PostingDetail",
            "directory.Account",
            "directory.FindLine",
            "directory.Address",
            "directory.UsedMailboxKey",
        ),
        Ends.PERSON,
        Basis.DUTY,
        (
            "Une adresse ne doit jamais être donnée à quelqu’un d’autre trop tôt ; ensuite le nom est effacé "
            "et seul un numéro reste.",
            "An address must not be given to somebody else too early; then the name is erased, and only a "
            "number stays.",
        ),
        by=lambda policy: policy.leaving.address_reserved_days,
        setting="leaving.address_reserved_days",
        eraser=erase_people,
    ),
    Kind(
        "mandate",
        ("Charges exercées", "Offices held"),
        ("directory.Mandate",),
        Ends.POLICY,
        Basis.CONTROL,
        (
            "Savoir qui pouvait quoi.",
            "To know who could do what.",
        ),
        by=erasers.control,
        setting="retention.control_days",
        eraser=erasers.erase_mandates,
    ),
    Kind(
        "membership",
        ("Boîtes fonctionnelles : membres", "Functional mailboxes: members"),
        ("directory.Membership",),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Prend fin avec l’affectation ou le compte.", "Ends with the posting or the account."),
    ),
    Kind(
        "delegation",
        ("Boîtes ouvertes à un collègue", "Mailboxes opened to a colleague"),
        ("directory.Delegation",),
        Ends.POLICY,
        Basis.LOGS,
        ("Qui pouvait lire, à compter de la fin.", "Who could read, from the end."),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=older_by("directory.Delegation", "ended_at", "owner__academy", erasers.logs),
    ),
    Kind(
        "review",
        ("Revues des droits", "Reviews of rights"),
        ("rights.Review", "rights.Line"),
        Ends.POLICY,
        Basis.CONTROL,
        (
            "Ce que dit une ligne est effacé dès un an après la revue.",
            "What a line says is erased a year after the review already.",
        ),
        by=erasers.control,
        setting="retention.control_days",
        eraser=erasers.erase_review_facts,
    ),
    Kind(
        "departure",
        ("Départs annulés, avis de départ", "Departures that were undone, notices"),
        ("life.Departure", "life.DepartureNotice"),
        Ends.POLICY,
        Basis.CONTROL,
        ("Qui l’a décidé, quand et pourquoi.", "Who decided it, when and why."),
        by=erasers.control,
        setting="retention.control_days",
        eraser=erasers.erase_departures,
    ),
    Kind(
        "hold",
        ("Gels (congé, procédure)", "Holds (leave, procedure)"),
        ("life.Hold",),
        Ends.POLICY,
        Basis.DUTY,
        (
            "Un gel peut dire une maladie. Compté de sa fin ; pendant un départ, et tant qu’ils comptent "
            "pour un compte inutilisé, ses jours restent, sans le motif.",
            "A hold may tell of an illness. From its end; while somebody is leaving, and as long as they "
            "count for an account that nobody uses, its days stay, without the reason.",
        ),
        by=erasers.holds,
        setting="retention.holds_days",
        eraser=erasers.erase_holds,
    ),
    Kind(
        "certificate",
        ("Certificats d’effacement", "Certificates of purge"),
        ("life.Certificate",),
        Ends.LAW,
        Basis.PROOF,
        (
            "Preuve de l’effacement, pendant la prescription de cinq ans (Code civil, art. 2224).",
            "Proof of the erasure, for the five years of prescription (Code civil, art. 2224).",
        ),
        kept=_FIVE,
        eraser=lambda now: erasers.erase_certificates(now, _FIVE),
        firm=(
            "Plus court, l’effacement ne pourrait plus être prouvé ; plus long, rien ne le justifie.",
            "Shorter, the erasure couldn’t be proved any more; longer, nothing justifies it.",
        ),
    ),
    Kind(
        "idleness",
        ("Compte inutilisé : depuis quand", "Unused account: since when"),
        ("life.Idleness",),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Sert à prévenir avant de fermer.", "Serves to give notice before it is shut."),
    ),
    Kind(
        "content",
        ("Courrier, contacts, agendas d’un compte fermé", "Mail, contacts, agendas of a closed account"),
        (),
        Ends.POLICY,
        Basis.DUTY,
        (
            "Pour pouvoir rouvrir, puis tout est effacé avec certificat.",
            "To open it again, then all is erased, with a certificate.",
        ),
        by=lambda policy: policy.leaving.purge_days,
        setting="leaving.purge_days",
    ),
    Kind(
        "feed_lines",
        ("Imports de l’annuaire : lignes", "Directory imports: lines"),
        ("feed.Change", "feed.ColumnMapping"),
        Ends.POLICY,
        Basis.DUTY,
        (
            "Comprendre et défaire ; les lignes du dernier import restent tant qu’il peut être annulé.",
            "To understand and to undo; those of the last import stay as long as it can be undone.",
        ),
        by=erasers.feed,
        setting="retention.feed_days",
        eraser=erasers.erase_feed_lines,
    ),
    Kind(
        "feed_runs",
        ("Imports de l’annuaire : qui, quand", "Directory imports: who, when"),
        ("feed.Run",),
        Ends.POLICY,
        Basis.CONTROL,
        ("Qui a importé quoi ; les lignes partent avant.", "Who imported what; the lines go before."),
        by=erasers.control,
        setting="retention.control_days",
        eraser=erasers.erase_feed_lines,
    ),
    Kind(
        "feed_doubts",
        ("Doutes tranchés de l’annuaire", "Settled doubts of the directory"),
        ("feed.ReviewItem", "feed.Gone"),
        Ends.POLICY,
        Basis.DUTY,
        (
            "La réponse reste, pour ne pas reposer la question ; le nom est effacé.",
            "The answer stays, so that it isn’t asked again; the name is erased.",
        ),
        by=erasers.requests,
        setting="retention.requests_days",
        eraser=erasers.erase_feed_doubts,
    ),
    Kind(
        "feed_files",
        ("Fichiers d’annuaire déposés", "Directory files that were uploaded"),
        (),
        Ends.FIXED,
        Basis.DUTY,
        ("Un fichier que personne n’a confirmé est effacé.", "A file that nobody confirmed is erased."),
        kept=erasers.FEED_FILES,
        eraser=erasers.erase_feed_files,
        firm=(
            "Le temps de confirmer un dépôt : personne n’a à garder le fichier de tout un rectorat.",
            "As long as confirming takes: nobody has to keep a whole academy’s file.",
        ),
    ),
    Kind(
        "contacts",
        ("Élèves et responsables : contacts de classe", "Pupils and parents: contacts of a class"),
        ("feed.FeedContact", "feed.ContactClass", "feed.ContactLink"),
        Ends.RULED,
        Basis.DUTY,
        ("Tant que dure l’année scolaire de la classe.", "As long as the class’s school year."),
        eraser=_contacts,
    ),
    Kind(
        "journal",
        ("Journal : qui a fait quoi", "Journal: who did what"),
        ("audit.JournalEntry", "audit.JournalPayload", "audit.JournalBatch"),
        Ends.FIXED,
        Basis.CONTROL,
        (
            "Effacé par lots scellés entiers : la chaîne des sceaux reste vérifiable.",
            "Erased by whole sealed batches: the chain of seals can still be verified.",
        ),
        kept=JOURNAL,
        eraser=erase_old,
        firm=(
            "Une seule chaîne de sceaux pour toutes les académies : elle finit partout le même jour. Trois "
            "ans sont le plus que la CNIL admet.",
            "One chain of seals for all academies: it ends everywhere on the same day. Three years are the "
            "most that the CNIL allows.",
        ),
    ),
    Kind(
        "outbox",
        ("Effets en attente dans les moteurs", "Effects awaiting the engines"),
        ("audit.OutboxEvent",),
        Ends.FIXED,
        Basis.DUTY,
        ("Le temps de les rejouer.", "As long as they may be done again."),
        kept=KEEP_DONE,
        eraser=_outbox,
        firm=(
            "Sans eux, un moteur arrêté ne rattraperait pas ce qu’il a manqué.",
            "Without them an engine that was stopped couldn’t make up for what it missed.",
        ),
    ),
    Kind(
        "engine_logs",
        ("Journaux techniques des moteurs", "Technical logs of the engines"),
        (),
        Ends.FIXED,
        Basis.LOGS,
        (
            "Effacés à la date, et avant si la place manque ; dossier log/ de l’instance.",
            "Erased by date, and before where there is no room; the instance’s folder log/.",
        ),
        kept=_YEAR,
        firm=(
            "Les moteurs servent toutes les académies et n’ont qu’un journal ; un an est le plus que la "
            "CNIL admet.",
            "The engines serve all academies and have one log; a year is the most that the CNIL allows.",
        ),
    ),
)
