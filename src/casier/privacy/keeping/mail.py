"""The table of retention: what is kept beside the mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.mailbox.arrivals.words import KEPT_DAYS as QUARANTINED
from casier.mailbox.attaching.coming import PATIENCE as COMING
from casier.mailbox.notifications.actions import KEPT as NOTIFIED
from casier.mailbox.offline.actions import UNUSED
from casier.mailbox.push.actions import KEPT as RINGING
from casier.mailbox.restoring.index import STORE_DAYS
from casier.mailbox.sending.worker import KEPT as SENT
from casier.mailbox.teamwork.actions import KEPT as WORKED
from casier.privacy.keeping import erasers
from casier.privacy.keeping.erasers import older, older_by
from casier.privacy.keeping.kind import Basis, Ends, Kind

_QUARTER, _MONTH = timedelta(days=92), timedelta(days=30)


def _sent(now: datetime) -> int:
    from casier.mailbox.sending.worker import forget_done

    return forget_done(now)


def _notified(now: datetime) -> int:
    from casier.mailbox.notifications.actions import forget_old

    return forget_old(now)


def _ringing(now: datetime) -> int:
    from casier.mailbox.push.actions import forget_unused

    return forget_unused(now)


def _worked(now: datetime) -> int:
    from casier.mailbox.teamwork.actions import forget_old

    return forget_old(now)


def _coming(now: datetime) -> int:
    from casier.mailbox.attaching.coming import forget_old

    forget_old(now)
    return 0


def _transfers(now: datetime) -> int:
    exports = older_by("transfer.Export", "ended_at", "account__academy", erasers.logs)
    imports = older_by("transfer.Import", "ended_at", "account__academy", erasers.logs)
    return exports(now) + imports(now)


KINDS: tuple[Kind, ...] = (
    Kind(
        "mail",
        ("Courrier, contacts, agendas", "Mail, contacts, agendas"),
        (),
        Ends.ACCOUNT,
        Basis.CHOICE,
        ("La personne décide.", "The person decides."),
    ),
    Kind(
        "trash",
        ("Messages supprimés pour de bon", "Messages deleted for good"),
        (),
        Ends.STORE,
        Basis.CHOICE,
        ("Le temps de les retrouver.", "So that they can be brought back."),
        kept=timedelta(days=STORE_DAYS),
        firm=(
            "Les boîtes de toutes les académies d’un même serveur partagent ce réglage du moteur.",
            "The mailboxes of all academies on one server share this setting of the engine.",
        ),
    ),
    Kind(
        "sends",
        ("Envois en attente ou faits", "Messages waiting or sent"),
        ("sending.PendingSend",),
        Ends.FIXED,
        Basis.CHOICE,
        ("Ce qu’est devenu un envoi.", "What became of a message."),
        kept=SENT,
        eraser=_sent,
        firm=(
            "Le temps de renvoyer ce qu’un arrêt a retenu.",
            "As long as it takes to send what an outage held back.",
        ),
    ),
    Kind(
        "quarantine",
        ("Quarantaine", "Quarantine"),
        ("arrivals.Quarantined",),
        Ends.FIXED,
        Basis.DUTY,
        ("Rendre un message retiré à tort.", "To give back what was wrongly taken out."),
        kept=timedelta(days=QUARANTINED),
        firm=(
            "Plus court, un message retiré à tort pendant des vacances serait perdu ; plus long, des virus "
            "dormiraient sur les disques.",
            "Shorter, a message taken out wrongly during holidays would be lost; longer, viruses would lie "
            "on the disks.",
        ),
    ),
    Kind(
        "watched",
        ("Dossiers contrôlés par l’antivirus", "Folders that the antivirus looks at"),
        ("arrivals.WatchedFolder",),
        Ends.ACCOUNT,
        Basis.DUTY,
        ("Des numéros de messages, rien d’autre.", "Numbers of messages, nothing else."),
    ),
    Kind(
        "links",
        ("Fichiers envoyés par lien, téléchargements", "Files sent by link, downloads"),
        ("links.Link", "links.LinkRecipient", "links.LinkDownload"),
        Ends.POLICY,
        Basis.LOGS,
        (
            "Le fichier part à l’échéance de la politique ; à qui il est allé, après ce temps.",
            "The file goes when the policy says; to whom it went, after this time.",
        ),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=older_by("links.Link", "emptied_at", "account__academy", erasers.logs),
    ),
    Kind(
        "exports",
        ("Exports et imports de boîte", "Exports and imports of a mailbox"),
        ("transfer.Export", "transfer.Import"),
        Ends.POLICY,
        Basis.LOGS,
        (
            "Le fichier part avant (politique) ; la trace, après ce temps.",
            "The file goes before (policy); the trace, after this time.",
        ),
        by=erasers.logs,
        setting="retention.logs_days",
        eraser=_transfers,
    ),
    Kind(
        "uploads",
        ("Pièces jointes en cours d’envoi", "Attachments on their way"),
        (),
        Ends.FIXED,
        Basis.CHOICE,
        ("Ce que rien n’est venu chercher.", "What nothing came for."),
        kept=COMING,
        eraser=_coming,
        firm=(
            "Personne ne les voit plus.",
            "Nobody sees them any more.",
        ),
    ),
    Kind(
        "notifications",
        ("Notifications", "Notifications"),
        ("notifications.Notification",),
        Ends.FIXED,
        Basis.CHOICE,
        ("La cloche.", "The bell."),
        kept=NOTIFIED,
        eraser=_notified,
        firm=(
            "Un rappel de ce qui est déjà dans la boîte.",
            "A reminder of what is in the mailbox already.",
        ),
    ),
    Kind(
        "push",
        ("Appareils à prévenir", "Devices to be told"),
        ("push.Device", "push.Followed"),
        Ends.FIXED,
        Basis.CHOICE,
        ("Depuis la dernière utilisation.", "Since it was last used."),
        kept=RINGING,
        eraser=_ringing,
        firm=(
            "Une clé sans usage est un risque sans service rendu.",
            "A key that isn’t used is a risk that serves nobody.",
        ),
    ),
    Kind(
        "copies",
        ("Copies hors connexion : clés", "Copies for the time without a network: keys"),
        ("offline.DeviceCopy",),
        Ends.FIXED,
        Basis.CHOICE,
        ("Depuis la dernière utilisation.", "Since it was last used."),
        kept=UNUSED,
        eraser=older("offline.DeviceCopy", "used_at", UNUSED),
        firm=(
            "Une clé sans usage est un risque sans service rendu.",
            "A key that isn’t used is a risk that serves nobody.",
        ),
    ),
    Kind(
        "work",
        ("Boîtes partagées : qui traite quoi", "Shared mailboxes: who sees to what"),
        ("teamwork.Work", "teamwork.Answer"),
        Ends.FIXED,
        Basis.DUTY,
        ("Une année scolaire, et un peu.", "A school year, and a little."),
        kept=WORKED,
        eraser=_worked,
        firm=(
            "La boîte se lit d’une rentrée à la suivante.",
            "The mailbox is read from one school year to the next.",
        ),
    ),
    Kind(
        "dismissals",
        ("Annonces écartées", "Announcements put aside"),
        ("announcements.Dismissal",),
        Ends.FIXED,
        Basis.CHOICE,
        ("Après la fin de l’annonce.", "After the announcement’s end."),
        kept=_QUARTER,
        eraser=lambda now: erasers.erase_dismissals(now, _QUARTER),
        firm=(
            "L’annonce n’est plus montrée à personne.",
            "The announcement isn’t shown to anybody any more.",
        ),
    ),
    Kind(
        "choices",
        ("Préférences, modèles, adresses de redirection", "Preferences, templates, addresses to redirect to"),
        ("choices.Choice", "writing.Template", "filters.RedirectAddress"),
        Ends.ACCOUNT,
        Basis.CHOICE,
        ("Une adresse jamais prouvée part après un mois.", "An address never proved goes after a month."),
        eraser=lambda now: erasers.erase_redirect_proofs(now, _MONTH),
    ),
)
