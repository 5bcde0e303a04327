"""Single words for what a code stands for: how an attempt ended, by what, what was changed, what protects."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casier.identity.history.deciding import Measure
from casier.identity.history.results import SignInResult


def result_words(result: SignInResult) -> str:
    """How an attempt ended, for its owner's history."""
    return {
        SignInResult.OPENED: _("Connexion réussie"),
        SignInResult.WRONG: _("Mot de passe incorrect"),
        SignInResult.WRONG_FACTOR: _("Mot de passe juste, second facteur refusé"),
        SignInResult.DELAYED: _("Trop d’essais : rien n’a été vérifié"),
        SignInResult.REFUSED: _("Tout était juste, l’accès a été refusé"),
        SignInResult.ONE_DEVICE: _("Un autre appareil était déjà connecté"),
    }[result]


def proof_words(proof: str) -> str:
    """By what someone showed who they were; "" for what isn't known."""
    return {
        "pwd": _("mot de passe"),
        "temporary": _("mot de passe provisoire"),
        "passkey": _("clé d’accès"),
        "totp": _("code de l’application"),
        "hwk": _("clé de sécurité"),
        "sms": _("code par SMS"),
        "tel": _("code par appel"),
        "recovery_code": _("code de secours"),
        "trusted": _("appareil de confiance"),
        "identity": _("renseignements personnels"),
        "link": _("lien de secours"),
        "mail_code": _("code par courriel"),
        "phone_code": _("code par téléphone"),
        "letter": _("lettre sécurisée"),
        "questions": _("questions secrètes"),
        "help_desk": _("assistance"),
    }.get(proof, "")


def thing_words(what: str) -> str:
    """What was changed, where a room gives a name of its own for it; else what it says."""
    return {
        "password": _("mot de passe"),
        "factors": _("second facteur"),
        "letter": _("lettre sécurisée"),
        "unlock": _("déblocage"),
        "suspend": _("suspension"),
        "resume": _("fin de la suspension"),
        "sign_out": _("déconnexion"),
        "totp": _("application de codes"),
        "webauthn": _("clé de sécurité"),
        "passkey": _("clé d’accès"),
        "sms": _("code par SMS"),
        "voice": _("code par appel"),
        "recovery_codes": _("codes de secours"),
        "mail": _("adresse de secours"),
        "phone": _("téléphone de secours"),
        "application": _("application de codes"),
        "cle": _("clé de sécurité"),
        "telephone": _("code par téléphone"),
        "all": _("tous les moyens"),
    }.get(what, what)


def measure_words(measure: str) -> str:
    """What a measure does, as a sentence that is true before and after; "" for what isn't worth one."""
    texts: dict[str, str] = {
        Measure.SUSPEND: _("Le compte est suspendu : plus rien ne s’ouvre, le courrier continue d’arriver."),
        Measure.NEW_PASSWORD: _("Le mot de passe actuel ne sert plus : il faut en choisir un nouveau."),
        Measure.END_SESSIONS: _("Les sessions ouvertes sur les ordinateurs et téléphones sont fermées."),
        Measure.REVOKE_SINCE: _(
            "Ce qui a été ajouté au compte depuis est retiré (mots de passe d’application, moyens de "
            "vérification ou de secours)."
        ),
        Measure.REVOKE_PROGRAM: _("Le mot de passe de ce logiciel ne fonctionne plus."),
        Measure.FORGET_DEVICES: _("Plus aucun appareil n’est reconnu d’avance."),
        Measure.CUT_PROGRAMS: _("Les logiciels de messagerie sont déconnectés."),
        Measure.CANCEL_RECOVERY: _("Les liens envoyés pour retrouver l’accès ne servent plus."),
        Measure.REPORT: _("L’équipe de sécurité et l’assistance de l’académie sont prévenues."),
    }
    return texts.get(measure, "")
