"""How a person reads a policy: each section, field and chosen word, in French and in English."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words

SECTIONS: Final[dict[str, Words]] = {
    "sign_in": ("Identifiants", "Sign-in names"),
    "activation": ("Activation du compte", "Activation"),
    "second_factor": ("Second facteur", "Second factor"),
    "lock": ("Mots de passe faux", "Wrong passwords"),
    "unusual": ("Connexions inhabituelles", "Unusual sign-ins"),
    "sessions": ("Sessions", "Sessions"),
    "password": ("Mot de passe", "Password"),
    "recovery": ("Récupération de l’accès", "Getting back in"),
    "app_passwords": ("Mots de passe d’application", "Application passwords"),
    "mail": ("Courrier", "Mail"),
    "links": ("Fichiers par lien", "Files by link"),
    "transfer": ("Export et import", "Export and import"),
    "rules": ("Filtres et redirections", "Filters and redirection"),
    "writing": ("Rédaction", "Writing"),
    "notifications": ("Notifications", "Notifications"),
    "delegation": ("Délégation de boîte", "Delegation"),
    "accessibility": ("Accessibilité", "Accessibility"),
    "rights": ("Charges", "Offices"),
    "schools": ("Établissements", "Schools"),
    "feed": ("Import de l’annuaire", "Directory feed"),
    "contributors": ("Intervenants extérieurs", "Outside contributors"),
    "leaving": ("Départs", "Leaving"),
    "idle_account": ("Comptes inutilisés", "Idle accounts"),
    "": ("Réseaux", "Networks"),
}

FIELDS: Final[dict[str, Words]] = {
    "sign_in.names": ("Identifiants admis", "Names that may be typed"),
    "sign_in.numen_first_only": ("NUMEN à la première connexion seulement", "NUMEN at first sign-in only"),
    "sign_in.passkeys": ("Une clé d’accès suffit", "A passkey is enough"),
    "activation.method": ("Moyen d’activation", "How accounts are opened"),
    "activation.attempts": ("Essais", "Tries"),
    "activation.valid_days": ("Validité de l’invitation (jours)", "Invitation valid (days)"),
    "activation.confirm_details": ("Coordonnées à confirmer", "Details are confirmed"),
    "activation.record_recovery": ("Moyen de secours à enregistrer", "Recovery means are recorded"),
    "activation.memo": ("Mémo du nouvel arrivant", "Newcomer’s memo"),
    "second_factor.requirement": ("Exigence", "Requirement"),
    "second_factor.methods": ("Moyens proposés", "Methods"),
    "second_factor.contexts": ("Cas où elle est demandée", "When it is asked"),
    "second_factor.enrolment_days": ("Délai pour s’inscrire (jours ; 0 : sans)", "Deadline (days; 0: none)"),
    "second_factor.grace_days": ("Sursis après ce délai (jours)", "Grace after it (days)"),
    "second_factor.trusted_days": (
        "Appareil de confiance (jours ; 0 : jamais)",
        "Trusted device (days; 0: no)",
    ),
    "second_factor.step_up_minutes": ("Preuve fraîche pour le sensible (minutes)", "Fresh proof (minutes)"),
    "lock.attempts": ("Essais avant blocage", "Tries before a lock"),
    "lock.scope": ("Ce qui est bloqué", "What is locked"),
    "lock.minutes": ("Durée (minutes ; 0 : jusqu’à réinitialisation)", "Minutes (0: until a reset)"),
    "lock.factor_attempts": ("Essais du second facteur", "Tries of the second factor"),
    "lock.on_unusual": ("À une connexion inhabituelle", "At an unusual sign-in"),
    "unusual.signs": ("Signes observés", "Signs looked for"),
    "unusual.grave": ("Signes graves", "Grave signs"),
    "unusual.countries": ("Pays habituels", "Usual countries"),
    "unusual.kilometres_an_hour": ("Vitesse impossible (km/h)", "Impossible speed (km/h)"),
    "unusual.night_from": ("Nuit, de (heure)", "Night from (hour)"),
    "unusual.night_until": ("Nuit, à (heure)", "Night until (hour)"),
    "unusual.failures": ("Échecs juste avant", "Failures just before"),
    "sessions.idle_minutes": ("Inactivité admise (minutes)", "Idle time (minutes)"),
    "sessions.warning_seconds": ("Avertissement avant la fin (secondes)", "Warning before (seconds)"),
    "sessions.absolute_hours": ("Durée maximale (heures)", "Longest (hours)"),
    "sessions.shared_computer_idle_minutes": (
        "Inactivité sur ordinateur partagé (minutes)",
        "Idle time on a shared computer (minutes)",
    ),
    "sessions.one_device": ("Second appareil en même temps", "A second device at once"),
    "sessions.suspend_minutes": ("Suspension par un second appareil (minutes)", "Suspended for (minutes)"),
    "password.min_length": ("Longueur minimale", "Least length"),
    "password.admin_min_length": ("Longueur pour qui exerce une charge", "Length for who holds an office"),
    "password.classes": ("Sortes de caractères exigées", "Kinds of characters"),
    "password.long_enough": ("Longueur qui en dispense", "Length from which none are asked"),
    "password.expires_days": ("Expiration (jours ; 0 : jamais)", "Expires (days; 0: never)"),
    "password.admin_expires_days": (
        "Expiration pour qui exerce une charge",
        "Expires for who holds an office",
    ),
    "password.notice_days": ("Avis avant l’expiration (jours)", "Notices before (days)"),
    "password.history": ("Anciens mots de passe refusés", "Old passwords refused"),
    "password.least_score": ("Résistance minimale (0 à 4)", "Least strength (0 to 4)"),
    "password.temporary_days": ("Mot de passe provisoire (jours)", "Temporary password (days)"),
    "recovery.methods": ("Moyens", "Methods"),
    "recovery.link_hours": ("Validité du lien (heures)", "Link valid (hours)"),
    "recovery.code_minutes": ("Validité du code (minutes)", "Code valid (minutes)"),
    "recovery.letter_days": ("Validité de la lettre (jours)", "Letter valid (days)"),
    "recovery.four_eyes": ("Accord d’une seconde personne", "A second person agrees"),
    "recovery.app_passwords": ("Mots de passe d’application après", "Application passwords afterwards"),
    "recovery.check_days": ("Vérification des moyens (jours ; 0 : jamais)", "Means checked (days; 0: never)"),
    "app_passwords.allowed": ("Admis", "Allowed"),
    "app_passwords.approval": ("Accord pour un nouveau logiciel", "Approval of a new program"),
    "app_passwords.idle_days": ("Fin sans usage (jours ; 0 : jamais)", "End without use (days; 0: never)"),
    "app_passwords.most": ("Nombre maximal", "At most"),
    "mail.attachment_bytes": ("Plus grosse pièce jointe", "Largest attachment"),
    "mail.quota_bytes": ("Place d’une boîte", "Room of a mailbox"),
    "mail.functional_quota_bytes": ("Place d’une boîte fonctionnelle", "Functional mailbox"),
    "mail.undo_seconds": ("Annuler l’envoi (secondes)", "Undo send (seconds)"),
    "mail.restore_days": ("Messages supprimés retrouvables (jours)", "Deleted mail kept (days)"),
    "mail.offline_days": ("Lecture sans réseau (jours ; 0 : jamais)", "Read offline (days; 0: never)"),
    "links.largest_bytes": ("Plus gros fichier", "Largest file"),
    "links.quota_bytes": ("Place par personne", "Room for a person"),
    "links.default_days": ("Durée proposée (jours)", "Days proposed"),
    "links.longest_days": ("Durée maximale (jours)", "Days at most"),
    "links.outsiders": ("Vers l’extérieur", "To outsiders"),
    "links.outsider_password": ("Mot de passe vers l’extérieur", "Password for outsiders"),
    "links.partly_checked": ("Fichiers que l’antivirus ne lit pas en entier", "Files not wholly scanned"),
    "transfer.export_days": ("Export disponible (jours)", "Export kept (days)"),
    "transfer.export_bytes": ("Plus gros export", "Largest export"),
    "transfer.import_bytes": ("Plus gros import", "Largest import"),
    "rules.redirect": ("Redirections permises", "Where redirects may go"),
    "rules.redirect_addresses": ("Adresses par jour", "Addresses a day"),
    "writing.signature": ("Signature de l’institution", "The institution’s signature"),
    "writing.outside": ("Question avant un envoi à l’extérieur", "Question before mail to outsiders"),
    "notifications.push": ("Notifications des appareils", "Push notifications"),
    "delegation.most": ("Droit le plus large", "The most that may be given"),
    "delegation.longest_days": ("Durée maximale (jours)", "Days at most"),
    "accessibility.contact": ("Contact", "Contact"),
    "accessibility.declared": ("Déclaration publiée le", "Declaration published"),
    "accessibility.plan": ("Schéma pluriannuel", "Plan of several years"),
    "rights.lend_days": ("Prêt d’une charge (jours ; 0 : jamais)", "Lending an office (days; 0: never)"),
    "rights.review_months": ("Revue des droits (mois ; 0 : jamais)", "Review of rights (months; 0: never)"),
    "rights.review_days": ("Délai pour répondre (jours)", "Time to answer (days)"),
    "rights.remind_days": ("Rappels avant la fin (jours)", "Reminders before the end (days)"),
    "rights.head_functions": (
        "Fonctions qui font le chef d’établissement",
        "Functions that make somebody a head",
    ),
    "rights.unconfirmed": ("Ce que personne n’a confirmé", "What nobody confirmed"),
    "schools.depart_days": ("Départ annoncé à l’avance (jours)", "Departure said ahead (days)"),
    "schools.ask_mailboxes": ("Les chefs demandent des boîtes", "Heads ask for mailboxes"),
    "schools.most_mailboxes": ("Boîtes par établissement, au plus", "Mailboxes of a school, at most"),
    "schools.mailbox_address": ("Forme des adresses", "What addresses are made of"),
    "schools.members_elsewhere": ("Membres d’un autre établissement", "Members from another school"),
    "schools.ask_to_join": ("Demander à entrer dans une boîte", "Asking to be let into a mailbox"),
    "schools.feed_lag_days": ("Retard admis de l’import (jours)", "How far the feed may lag (days)"),
    "feed.most_leaving": ("Départs en un import, au plus", "People leaving in one run, at most"),
    "feed.leaving_percent": ("Part des comptes, au plus (%)", "Share of the accounts, at most (%)"),
    "feed.contacts": ("Contacts des classes", "Contacts of classes"),
    "contributors.allowed": ("Admis", "Allowed"),
    "contributors.longest_days": ("Durée maximale (jours)", "Days at most"),
    "contributors.renewals": ("Prolongations sans la DSI", "Renewals without the DSI"),
    "contributors.most_per_school": ("Par établissement, au plus", "In a school, at most"),
    "contributors.requests_a_day": ("Demandes par jour et par personne", "Requests a day, for one person"),
    "contributors.warning_days": ("Avis avant la fin (jours)", "Notices before the end (days)"),
    "contributors.birth_date": ("Date de naissance demandée", "Birth date asked for"),
    "contributors.way_in": ("Remise du premier accès", "How the way in is given"),
    "contributors.quota_bytes": (
        "Place de leur boîte (0 : comme tous)",
        "Room of their mailbox (0: as everyone)",
    ),
    "leaving.grace_days_min": ("Délai après le départ, au moins (jours)", "Grace at least (days)"),
    "leaving.grace_days_max": ("Délai après le départ, au plus (jours)", "Grace at most (days)"),
    "leaving.occasional_at_once": ("Intervenants occasionnels : aussitôt", "Occasional contributors at once"),
    "leaving.absence_message": ("Message d’absence", "Absence message"),
    "leaving.then": ("Ensuite, la boîte est", "Then the mailbox is"),
    "leaving.notice_days": ("Rappels avant la fermeture (jours)", "Reminders before closing (days)"),
    "leaving.purge_days": ("Contenu conservé après (jours)", "Content kept afterwards (days)"),
    "leaving.purge_notice_days": (
        "Avis avant la suppression (jours ; 0 : sans)",
        "Notice before deletion (days; 0: none)",
    ),
    "leaving.address_reserved_days": ("Adresse réservée (jours)", "Address kept from others (days)"),
    "idle_account.deactivate_days": (
        "Désactivation sans usage (jours ; 0 : jamais)",
        "Deactivated (days; 0: no)",
    ),
    "idle_account.notice_days": ("Avis avant (jours)", "Notices before (days)"),
    "idle_account.reopen_by_self_service": ("La personne rouvre elle-même", "Reopened by oneself"),
    "own_networks": ("Réseaux de l’académie", "The academy’s networks"),
    "allowed_networks": (
        "Réseaux d’où l’on peut se connecter (aucun : tous)",
        "Networks allowed (none: any)",
    ),
}

# What a field's words mean; those that aren't here are said as they are written.
CHOICES: Final[dict[str, Words]] = {
    "numen": ("NUMEN", "NUMEN"),
    "arrival_code": ("code remis à l’arrivée", "code given on arrival"),
    "local_name": ("prenom.nom", "prenom.nom"),
    "address": ("adresse complète", "full address"),
    "numen_birth_date": ("NUMEN, date de naissance et nom", "NUMEN, birth date and name"),
    "temporary_password": ("mot de passe provisoire", "temporary password"),
    "off": ("non", "off"),
    "advised": ("conseillée", "advised"),
    "offered": ("proposé", "offered"),
    "contextual": ("selon le contexte", "by context"),
    "required": ("exigée", "required"),
    "totp": ("application de codes", "code application"),
    "webauthn": ("clé de sécurité ou d’accès", "security key or passkey"),
    "sms": ("SMS", "text message"),
    "voice": ("appel vocal", "spoken call"),
    "recovery_codes": ("codes de secours", "recovery codes"),
    "role": ("charge exercée", "office held"),
    "outside_network": ("hors du réseau", "outside the network"),
    "sensitive_service": ("service sensible", "sensitive service"),
    "unusual": ("connexion inhabituelle", "unusual sign-in"),
    "lane": ("l’appareil ou les inconnus seulement", "the device, or unknown ones only"),
    "account": ("le compte entier", "the whole account"),
    "ignore": ("rien", "nothing"),
    "notify": ("un avis", "a notice"),
    "lock": ("le compte est suspendu", "the account is suspended"),
    "new_device": ("nouvel appareil", "new device"),
    "country": ("pays", "country"),
    "travel": ("voyage impossible", "impossible travel"),
    "hour": ("heure", "hour"),
    "failures": ("échecs", "failures"),
    "replace": ("remplace le premier", "takes over"),
    "refuse": ("est refusé", "is refused"),
    "suspend": ("suspend les deux", "suspends both"),
    "service_desk": ("assistance", "help desk"),
    "backup_link": ("lien à l’adresse de secours", "link to the backup address"),
    "temporary_code": ("code temporaire", "temporary code"),
    "letter": ("lettre sécurisée", "secured letter"),
    "secret_questions": ("questions secrètes", "secret questions"),
    "ticket": ("demande d’assistance", "ticket"),
    "none": ("aucun", "none"),
    "new_client": ("demandé", "asked for"),
    "warn": ("remis avec un avertissement", "given with a warning"),
    "academy": ("dans l’académie", "within the academy"),
    "verified": ("adresses vérifiées", "verified addresses"),
    "anywhere": ("partout", "anywhere"),
    "imposed": ("imposée", "imposed"),
    "show": ("montré seulement", "only shown"),
    "first": ("au premier envoi", "the first time"),
    "always": ("toujours", "always"),
    "read": ("lire", "read"),
    "organise": ("classer", "organise"),
    "behalf": ("écrire au nom de", "write on behalf of"),
    "as": ("écrire comme", "write as"),
    "keep": ("gardés", "kept"),
    "end": ("révoqués", "revoked"),
    "closed": ("fermée", "closed"),
    "redirected": ("redirigée", "redirected"),
    "deleted": ("supprimée", "deleted"),
    "pupils": ("les élèves", "pupils"),
    "parents": ("les responsables", "parents"),
    "class": ("élèves et responsables", "pupils and parents"),
    "message": ("par courriel ou SMS personnel", "by personal mail or text message"),
    "sheet": ("sur une feuille remise en main propre", "on a sheet given by hand"),
    "never": ("jamais", "never"),
    "approved": ("avec l’accord de la DSI", "once the DSI agrees"),
    "freely": ("librement", "freely"),
    "tell": ("signalé à la DSI", "told to the DSI"),
    "withdraw": ("retiré", "taken back"),
}
_YES: Final = ("oui", "yes")
_NO: Final = ("non", "no")
_NOTHING: Final = ("–", "–")


def section_of(field: str) -> str:
    """The section of `section.field`; "" for the fields that stand in none."""
    return field.rpartition(".")[0]


def value_words(value: object, field: str) -> Words:
    """VALUE of FIELD as a person reads it."""
    if value is None or value in ("", [], ()):
        return _NOTHING
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, list | tuple):
        words = [value_words(one, field) for one in value]
        return ", ".join(word[0] for word in words), ", ".join(word[1] for word in words)
    if field.endswith("_bytes") and isinstance(value, int):
        return _size(value)
    if isinstance(value, str) and value in CHOICES:
        return CHOICES[value]
    return str(value), str(value)


def _size(count: int) -> Words:
    """Bytes as Mo and Go, MB and GB."""
    unit, letter = (1_000_000_000, "G") if count >= 1_000_000_000 else (1_000_000, "M")
    number = f"{count / unit:.1f}".removesuffix(".0")
    return f"{number.replace('.', ',')}\u00a0{letter}o", f"{number}\u00a0{letter}B"
