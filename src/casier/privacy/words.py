"""What erasing says, in both languages: why it is refused, what goes, what stays and why."""

from __future__ import annotations

from collections.abc import Mapping

from casier.kernel.words import Words

REFUSALS: Mapping[str, Words] = {
    "in_service": (
        "Cette personne est en service, ou son départ n’est pas achevé : sa messagerie relève du service "
        "public et le droit à l’effacement ne s’y applique pas (RGPD, art. 17.3.b). Fermez d’abord "
        "le compte.",
        "This person is in service, or their leaving isn’t done: their mail belongs to a public task, to "
        "which the right to erasure doesn’t apply (GDPR, art. 17.3.b). Close the account first.",
    ),
    "held": (
        "Un gel retient ce compte : rien ne peut être effacé tant qu’il dure.",
        "A hold keeps this account: nothing can be erased as long as it lasts.",
    ),
    "asked": (
        "L’effacement est déjà demandé : il est en cours.",
        "The erasure was asked for already: it is under way.",
    ),
    "erased": ("Cette personne est déjà effacée.", "This person is erased already."),
}
# Why a copy failed, by the error's code.
FAILED: Mapping[str, Words] = {
    "transfer_no_disk": (
        "La place manque sur le serveur : rien n’a été gardé de cette tentative. Réessayez demain ; si cela "
        "dure, donnez cette référence à l’exploitation.",
        "There isn’t enough room on the server: nothing of this attempt was kept. Try again tomorrow; if it "
        "lasts, give this reference to operations.",
    ),
    "": (
        "La copie n’a pas pu être faite. Réessayez ; si cela dure, donnez cette référence à l’assistance.",
        "The copy couldn’t be made. Try again; if it lasts, give this reference to the help desk.",
    ),
}
# In the bell, for who asked for their own.
READY: tuple[Words, Words] = (
    ("La copie de vos données est prête", "The copy of your data is ready"),
    (
        "Téléchargez-la à la page « Mes données » de votre compte.",
        "Download it on the page ‘My data’ of your account.",
    ),
)
# What stays, and why.
STAYS: Mapping[str, tuple[Words, Words]] = {
    "address": (
        ("ses adresses", "their addresses"),
        (
            "pour que personne d’autre ne reçoive son courrier ; puis elles partent aussi",
            "so that nobody else gets their mail; then they go, too",
        ),
    ),
    "sign_ins": (
        ("ses connexions, sans son nom", "their sign-ins, without their name"),
        (
            "journal d’accès, gardé le temps que dit la politique",
            "access log, kept as long as the policy says",
        ),
    ),
    "journal": (
        (
            "le journal : actes, dates, numéro, sans détails ni nom",
            "the journal: acts, dates, number, without details or name",
        ),
        (
            "preuve de ce qui a été fait ; sa chaîne de sceaux ne peut être rompue",
            "proof of what was done; its chain of seals can’t be broken",
        ),
    ),
    "certificate": (
        ("le certificat d’effacement", "the certificate of purge"),
        ("preuve de l’effacement", "proof of the erasure"),
    ),
    "mandates": (
        ("les charges exercées, par numéro", "the offices held, by number"),
        ("savoir qui pouvait quoi", "to know who could do what"),
    ),
    "logs": (
        (
            "les traces techniques des moteurs (acheminement, boîtes)",
            "the engines’ technical logs (delivery, mailboxes)",
        ),
        (
            "journal d’accès, un an au plus ; elles partent entières, par rotation",
            "access log, a year at most; they go as a whole, by rotation",
        ),
    ),
    "others": (
        (
            "ce qui est chez d’autres : les messages reçus par ses correspondants",
            "what others have: the messages that their correspondents got",
        ),
        ("ce courrier est le leur", "that mail is theirs"),
    ),
    "backups": (
        ("les sauvegardes de l’exploitation", "operations’ backups"),
        ("elles s’effacent par rotation", "they go by rotation"),
    ),
}
# What goes, table by table.
TABLES: Mapping[str, Words] = {
    "announcements.Dismissal": ("annonces écartées", "announcements put aside"),
    "choices.Choice": ("préférences", "preferences"),
    "console.MailboxSize": ("place occupée", "space used"),
    "contributors.Stay": ("séjours d’intervenant", "stays as a contributor"),
    "directory.Delegation": ("délégations", "delegations"),
    "directory.EndedMembership": ("anciennes places dans des boîtes", "former parts in mailboxes"),
    "directory.Membership": ("places dans des boîtes fonctionnelles", "parts in functional mailboxes"),
    "filters.RedirectAddress": ("adresses de redirection", "addresses to redirect to"),
    "identity.AppPassword": ("mots de passe d’application", "application passwords"),
    "identity.PastPassword": ("anciens mots de passe", "former passwords"),
    "identity.User": ("réglages d’accès", "access settings"),
    "identity_activation.CorrectionRequest": ("corrections demandées", "corrections asked for"),
    "identity_activation.Invitation": ("invitations", "invitations"),
    "identity_factors.EnrolmentClock": ("demande de second facteur", "asking for a second factor"),
    "identity_factors.RecoveryCode": ("codes sur papier", "codes on paper"),
    "identity_factors.Telephone": ("téléphones", "telephones"),
    "identity_factors.Totp": ("applications à code", "code applications"),
    "identity_factors.TrustedDevice": ("appareils de confiance", "trusted devices"),
    "identity_factors.WebAuthnKey": ("clés de sécurité", "security keys"),
    "identity_guard.Habits": ("habitudes", "habits"),
    "identity_guard.KnownDevice": ("appareils reconnus", "known devices"),
    "identity_history.NoticeSent": ("avis", "notices"),
    "identity_means.Code": ("codes", "codes"),
    "identity_means.Means": ("moyens de secours", "backup means"),
    "identity_recovery.DeskRequest": ("appels à l’assistance", "calls to the help desk"),
    "identity_recovery.Letter": ("lettres", "letters"),
    "identity_recovery.RecoveryLink": ("liens d’accès", "links to get back in"),
    "identity_recovery.Reset": ("réinitialisations", "resets"),
    "identity_recovery.SecretAnswer": ("questions secrètes", "secret questions"),
    "life.Idleness": ("inactivité", "idleness"),
    "links.Link": ("fichiers envoyés par lien", "files sent by link"),
    "notifications.Notification": ("notifications", "notifications"),
    "offline.DeviceCopy": ("copies hors connexion", "offline copies"),
    "push.Device": ("appareils à prévenir", "devices to be told"),
    "sending.PendingSend": ("envois", "messages sent"),
    "transfer.Export": ("exports", "exports"),
    "transfer.Import": ("imports", "imports"),
    "writing.Template": ("modèles", "templates"),
}


def failed_words(fault: str, language: str) -> str:
    """Why a copy failed, and what to do."""
    return in_words(FAILED.get(fault, FAILED[""]), language)


def in_words(pair: Words, language: str) -> str:
    """The one of the two."""
    return pair[1] if language == "en" else pair[0]
