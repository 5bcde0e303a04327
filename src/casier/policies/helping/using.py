"""What each field that is about everyday use does."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words

USING: Final[dict[str, Words]] = {
    "mail.attachment_bytes": (
        "Au-delà, le fichier part par un lien. 100 Mo au plus.",
        "Beyond it a file goes by link. 100 MB at most.",
    ),
    "mail.quota_bytes": ("Par personne.", "For each person."),
    "mail.functional_quota_bytes": (
        "Par boîte d’établissement ou de service.",
        "For a school’s or service’s.",
    ),
    "mail.undo_seconds": (
        "Le message attend ce temps avant de partir ; 0 : il part aussitôt.",
        "A message waits that long before it leaves; 0: it leaves at once.",
    ),
    "mail.restore_days": (
        "Après avoir vidé la corbeille, la personne peut encore retrouver ses messages.",
        "After emptying the bin, people can still get their messages back.",
    ),
    "mail.offline_days": (
        "Ce qui a été ouvert reste lisible sans réseau sur l’appareil, chiffré.",
        "What was opened can be read on the device without a network, encrypted.",
    ),
    "links.largest_bytes": ("Un fichier envoyé par lien.", "One file that is sent by link."),
    "links.quota_bytes": ("Tous les fichiers d’une personne ensemble.", "All files of one person together."),
    "links.default_days": (
        "Durée d’un lien si rien n’est changé.",
        "How long a link lasts if nothing is changed.",
    ),
    "links.longest_days": ("La plus longue que l’on puisse choisir.", "The longest that can be chosen."),
    "links.outsiders": (
        "Un lien peut être envoyé à des adresses hors de la plateforme.",
        "A link may be sent to addresses outside the platform.",
    ),
    "links.outsider_password": (
        "Alors, un mot de passe est demandé en plus.",
        "A password is then asked for, too.",
    ),
    "links.partly_checked": (
        "Très gros fichiers, contrôlés par morceaux.",
        "Very large files, looked at in slices.",
    ),
    "transfer.export_days": ("Ensuite, il est effacé.", "After that it is erased."),
    "transfer.export_bytes": ("Toute une boîte en un fichier.", "A whole mailbox as a file."),
    "transfer.import_bytes": ("Un fichier d’une ancienne messagerie.", "A file from an earlier mail system."),
    "rules.redirect": (
        "Où une règle peut faire suivre le courrier, sans que la personne soit là.",
        "Where a rule may pass mail on without anyone there.",
    ),
    "rules.redirect_addresses": ("Adresses différentes en un jour.", "Different addresses in a day."),
    "writing.signature": (
        "Sous chaque message : au choix de la personne, ou toujours.",
        "Below each message: as people choose, or always.",
    ),
    "writing.outside": (
        "Avant qu’un message ne quitte l’académie.",
        "Before a message leaves the academy.",
    ),
    "notifications.push": (
        "Par le service du navigateur ; rien d’un message n’y passe.",
        "By the browser’s service; nothing of a message goes there.",
    ),
    "delegation.most": (
        "Ce qu’une personne peut accorder à un collègue sur sa boîte.",
        "What a person may give a colleague in their mailbox.",
    ),
    "delegation.longest_days": ("Ensuite, la délégation s’éteint.", "After that it ends."),
    "accessibility.contact": (
        "Adresse ou page où signaler un défaut d’accessibilité ; sans elle, l’assistance.",
        "Address or page to tell of a fault; without it, the help desk.",
    ),
    "accessibility.declared": ("Date de la déclaration de l’académie.", "Date of the academy’s declaration."),
    "accessibility.plan": ("Adresse du schéma publié.", "Address of the published plan."),
}
