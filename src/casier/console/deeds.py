"""What the journal calls an act, in the reader's words: the console shows no code."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from django.utils.translation import gettext as _

from casier.identity.history.undoing import REASON as DISOWNED
from casier.identity.recovery.finishing import WHY as RECOVERED
from casier.identity.recovery.repair import WHY as REPAIRED
from casier.policies.policy import UnusualSign


def action_words(action: str) -> str:
    """A fact of the journal. A test holds every act that the platform records against these words."""
    return _words().get(action, _("Acte consigné au journal"))


def known_actions() -> frozenset[str]:
    """The acts that have words of their own."""
    return frozenset(_words())


def reason_words(reason: str) -> str:
    """A reason as a person reads it: what the platform wrote by itself is a code or a sentence of its own."""
    known = {
        DISOWNED: _("la personne a dit : ce n’était pas moi"),
        RECOVERED: _("accès retrouvé par la personne"),
        REPAIRED: _("accès réparé par la personne, après un code"),
        "activation": _("activation du compte"),
    }
    if reason in known:
        return known[reason]
    parts = [part.strip() for part in reason.split(",")]
    if all(part in _SIGNS for part in parts):
        return ", ".join(sign_words(part) for part in parts)
    return reason


_SIGNS = frozenset(get_args(UnusualSign))


def sign_words(sign: str) -> str:
    """What made a sign-in unusual."""
    return {
        "new_device": _("nouvel appareil"),
        "country": _("pays inhabituel"),
        "travel": _("voyage impossible"),
        "hour": _("heure inhabituelle"),
        "failures": _("échecs juste avant"),
    }.get(sign, _("autre signe"))


def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _PARTS:
        found |= part()
    return found


def _accounts() -> dict[str, str]:
    return {
        "account.created": _("Compte créé"),
        "account.invited": _("Invitation"),
        "account.sheet_renewed": _("Feuille d’arrivée refaite"),
        "account.activated": _("Compte activé"),
        "account.suspended": _("Suspension"),
        "account.resumed": _("Suspension levée"),
        "account.redirected": _("Courrier redirigé après le départ"),
        "account.leaving": _("Départ annoncé"),
        "account.staying": _("Départ annulé"),
        "account.closed": _("Compte fermé"),
        "account.reopened": _("Compte rouvert"),
        "account.purged": _("Compte effacé"),
        "account.held": _("Échéances gelées"),
        "account.hold_lifted": _("Gel levé"),
        "account.fate_decided": _("Devenir de la boîte décidé"),
        "account.purge_certified": _("Effacement certifié"),
        "leaving.begun": _("Dates du départ fixées"),
        "leaving.moved": _("Dates du départ changées"),
        "contributor.asked": _("Intervenant demandé"),
        "contributor.approved": _("Intervenant accepté"),
        "contributor.refused": _("Intervenant refusé"),
        "contributor.withdrawn": _("Demande d’intervenant retirée"),
        "contributor.lapsed": _("Demande d’intervenant restée sans réponse"),
        "contributor.way_in_given": _("Premier accès remis à un intervenant"),
        "contributor.renewed": _("Intervenant prolongé"),
        "contributor.ended": _("Intervention terminée"),
        "contributor.elsewhere": _("Noté comme intervenant dans une autre académie"),
        "contributor.inherited": _("Intervenant confié au nouveau responsable"),
        "contributor.unsponsored": _("Intervenant sans responsable"),
        "person.departed": _("Départ d’un établissement"),
        "person.departure_undone": _("Départ d’un établissement annulé"),
        "person.departure_confirmed": _("Départ confirmé, contre l’import"),
        "account.renamed": _("Changement de nom"),
        "account.quota_set": _("Place de la boîte fixée"),
        "account.correction_asked": _("Correction demandée"),
        "account.correction_settled": _("Correction réglée"),
        "address.added": _("Adresse ajoutée"),
        "address.retired": _("Adresse retirée"),
        "document.accepted": _("Charte ou notice acceptée"),
        "document.declined": _("Charte ou notice refusée"),
        "document.published": _("Charte ou notice publiée"),
        "mandate.given": _("Charge donnée"),
        "mandate.lent": _("Charge prêtée"),
        "mandate.ended": _("Charge terminée"),
        "demo.restored": _("Personne de la démonstration remise à neuf"),
    }


def _sign_in() -> dict[str, str]:
    return {
        "identity.signed_in": _("Connexion"),
        "identity.signed_out": _("Déconnexion"),
        "identity.sign_in_failed": _("Connexion refusée"),
        "identity.sessions_ended": _("Déconnexion partout"),
        "identity.activation_proved": _("Activation commencée"),
        "identity.activation_refused": _("Activation refusée"),
        "identity.locked": _("Blocage"),
        "identity.unlocked": _("Déblocage"),
        "identity.unusual_sign_in": _("Connexion inhabituelle"),
        "identity.one_device_replace": _("Second appareil : il a remplacé le premier"),
        "identity.one_device_refuse": _("Second appareil : refusé"),
        "identity.one_device_suspend": _("Second appareil : les deux suspendus"),
        "identity.one_device_wait": _("Second appareil : suspension en cours"),
        "identity.one_device_open": _("Second appareil : admis"),
        "identity.disowned": _("« Ce n’était pas moi »"),
        "identity.report_closed": _("Signalement clos"),
        "identity.wave_opened": _("Début d’une vague d’attaque"),
        "identity.wave_closed": _("Fin d’une vague d’attaque"),
    }


def _proofs() -> dict[str, str]:
    return {
        "identity.password_set": _("Mot de passe choisi"),
        "identity.password_shut": _("Mot de passe mis hors d’usage"),
        "identity.password_change_forced": _("Changement de mot de passe exigé"),
        "identity.temporary_password_set": _("Mot de passe provisoire donné"),
        "identity.factor_added": _("Second facteur inscrit"),
        "identity.factor_removed": _("Second facteur retiré"),
        "identity.factor_renamed": _("Second facteur renommé"),
        "identity.factors_reset": _("Seconds facteurs retirés"),
        "identity.key_copied": _("Clé de sécurité copiée : refusée"),
        "identity.recovery_codes_made": _("Codes de secours créés"),
        "identity.device_trusted": _("Appareil de confiance"),
        "identity.trust_ended": _("Appareils de confiance oubliés"),
        "identity.app_password_created": _("Mot de passe d’application créé"),
        "identity.app_password_revoked": _("Mot de passe d’application révoqué"),
        "identity.mail_program_waits": _("Logiciel de messagerie en attente d’accord"),
        "identity.mail_program_approved": _("Logiciel de messagerie accepté"),
        "identity.mail_program_refused": _("Logiciel de messagerie refusé"),
        "means.added": _("Moyen de secours ajouté"),
        "means.confirmed": _("Moyens de secours confirmés"),
        "means.removed": _("Moyen de secours retiré"),
        "means.verified": _("Moyen de secours vérifié"),
    }


def _recovery() -> dict[str, str]:
    return {
        "recovery.reset_asked": _("Réinitialisation demandée"),
        "recovery.reset_approved": _("Réinitialisation acceptée"),
        "recovery.reset_refused": _("Réinitialisation refusée"),
        "recovery.reset_done": _("Réinitialisation faite"),
        "recovery.letter_asked": _("Lettre demandée"),
        "recovery.letter_approved": _("Lettre acceptée"),
        "recovery.letter_printed": _("Lettre imprimée"),
        "recovery.letter_posted": _("Lettre postée"),
        "recovery.letter_revoked": _("Lettre annulée"),
        "recovery.letter_used": _("Lettre utilisée"),
        "recovery.link_sent": _("Lien de secours envoyé"),
        "recovery.link_used": _("Lien de secours utilisé"),
        "recovery.questions_set": _("Questions secrètes choisies"),
        "recovery.questions_removed": _("Questions secrètes effacées"),
        "recovery.self_repair": _("Accès réparé par la personne"),
        "recovery.recovered": _("Accès retrouvé"),
    }


def _mail() -> dict[str, str]:
    return {
        "delegation.given": _("Boîte ouverte à un collègue"),
        "delegation.handed": _("Boîte transmise après un départ"),
        "delegation.ended": _("Délégation terminée"),
        "delegation.expired": _("Délégation arrivée à son terme"),
        "delegation.sent": _("Message envoyé au nom d’un autre"),
        "functional.closed": _("Boîte fonctionnelle fermée"),
        "functional.member_left": _("Membre sorti avec son affectation"),
        "functional.member_returned": _("Membre revenu avec son affectation"),
        "functional.asked": _("Demande pour une boîte fonctionnelle"),
        "functional.approved": _("Demande pour une boîte acceptée"),
        "functional.refused": _("Demande pour une boîte refusée"),
        "functional.withdrawn": _("Demande pour une boîte retirée"),
        "functional.created": _("Boîte fonctionnelle créée"),
        "functional.member_read": _("Boîte fonctionnelle : accès en lecture"),
        "functional.member_answer": _("Boîte fonctionnelle : accès pour répondre"),
        "functional.member_manage": _("Boîte fonctionnelle : accès pour gérer"),
        "functional.member_removed": _("Boîte fonctionnelle : accès retiré"),
        "teamwork.assigned": _("Message confié"),
        "teamwork.unassigned": _("Message rendu"),
        "teamwork.handled": _("Message traité"),
        "teamwork.reopened": _("Message rouvert"),
        "message.quarantined": _("Message mis en quarantaine"),
        "message.released": _("Message sorti de quarantaine"),
        "message.doubled": _("Doublon d’un message retiré"),
        "mail.restored": _("Messages retrouvés"),
        "mail.folder_restored": _("Dossier retrouvé"),
        "mail.restore_undone": _("Messages retrouvés, puis retirés"),
        "rules.saved": _("Filtres enregistrés"),
        "redirect.code_sent": _("Redirection : code envoyé"),
        "redirect.verified": _("Redirection : adresse vérifiée"),
        "redirect.forgotten": _("Redirection : adresse oubliée"),
        "template.saved": _("Modèle enregistré"),
        "template.deleted": _("Modèle supprimé"),
        "signature.changed": _("Signature de l’institution modifiée"),
        "signature.restored": _("Signature de l’institution rétablie"),
    }


def _files() -> dict[str, str]:
    return {
        "link.begun": _("Fichier par lien : envoi commencé"),
        "link.checked": _("Fichier par lien : contrôlé"),
        "link.refused": _("Fichier par lien : refusé"),
        "link.sent": _("Fichier par lien : envoyé"),
        "link.fetched": _("Fichier par lien : téléchargé"),
        "link.terms": _("Fichier par lien : conditions changées"),
        "link.revoked": _("Fichier par lien : révoqué"),
        "mail.exported": _("Boîte exportée"),
        "mail.imported": _("Messages importés"),
        "export.begun": _("Export commencé"),
        "export.ready": _("Export prêt"),
        "export.fetched": _("Export téléchargé"),
        "export.failed": _("Export échoué"),
        "export.cancelled": _("Export annulé"),
        "import.begun": _("Import commencé"),
        "import.started": _("Import lancé"),
        "import.failed": _("Import échoué"),
        "import.cancelled": _("Import annulé"),
        "import.undone": _("Import défait"),
        "push.device_added": _("Notifications : appareil ajouté"),
        "push.device_renewed": _("Notifications : appareil renouvelé"),
        "push.device_removed": _("Notifications : appareil retiré"),
    }


def _desk() -> dict[str, str]:
    return {
        "person.looked_at": _("Fiche consultée"),
        "people.exported": _("Liste de personnes exportée"),
        "journal.searched": _("Journal consulté"),
        "operation.launched": _("Acte en nombre lancé"),
        "operation.agreed": _("Acte en nombre accepté par une seconde personne"),
        "operation.dropped": _("Acte en nombre abandonné"),
        "operation.finished": _("Acte en nombre terminé"),
        "operation.undo_asked": _("Annulation d’un acte en nombre demandée"),
        "operation.undone": _("Acte en nombre annulé"),
        "sheets.fetched": _("Feuilles d’arrivée téléchargées"),
    }


def _academies() -> dict[str, str]:
    return {
        "academy.created": _("Académie créée"),
        "domain.added": _("Domaine ajouté"),
        "host.added": _("Adresse web ajoutée"),
        "school.created": _("Établissement créé"),
        "policy.adopted": _("Politique mise en vigueur"),
        "journal.exported": _("Journal exporté"),
        "mail.traced": _("Messages suivis"),
        "group.created": _("Groupe créé"),
        "group.changed": _("Groupe modifié"),
        "group.removed": _("Groupe supprimé"),
        "announcement.made": _("Annonce publiée"),
        "announcement.withdrawn": _("Annonce retirée"),
        "service.created": _("Service déclaré"),
        "service.revoked": _("Service révoqué"),
        "feed.begun": _("Flux lu"),
        "feed.apply_asked": _("Application d’un flux demandée"),
        "feed.applied": _("Flux appliqué"),
        "feed.undo_asked": _("Annulation d’un flux demandée"),
        "feed.undone": _("Flux annulé"),
        "feed.doubt_settled": _("Doute d’un flux tranché"),
        "rights.review_started": _("Revue des droits lancée"),
        "rights.review_closed": _("Revue des droits close"),
    }


def _privacy() -> dict[str, str]:
    return {
        "journal.erased": _("Journal ancien effacé"),
        "retention.erased": _("Données arrivées à échéance effacées"),
        "register.changed": _("Registre des traitements complété"),
        "register.exported": _("Registre des traitements exporté"),
        "person.export_asked": _("Copie des données demandée"),
        "person.export_ready": _("Copie des données prête"),
        "person.export_failed": _("Copie des données impossible"),
        "person.export_fetched": _("Copie des données téléchargée"),
        "person.exported": _("Copie des données remise"),
        "person.erasure_asked": _("Effacement des données demandé"),
        "person.erased": _("Données de la personne effacées"),
    }


_PARTS: tuple[Callable[[], dict[str, str]], ...] = (
    _accounts,
    _sign_in,
    _proofs,
    _recovery,
    _mail,
    _files,
    _desk,
    _academies,
    _privacy,
)
