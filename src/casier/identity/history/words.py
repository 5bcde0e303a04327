"""What each notice says: what happened, when, where, with what, and what to do. For people, no jargon.

No notice asks for a password or a code, and each says how to act without clicking on anything.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import dateformat, timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from casier.identity.history.countries import country_name
from casier.identity.history.deciding import Measure, event_of_notice
from casier.identity.history.places import Place
from casier.identity.history.results import Notice, SignInResult

# These also go to the telephone: who reads them late has lost something.
GRAVE = frozenset(
    {
        Notice.UNUSUAL,
        Notice.SUSPENDED,
        Notice.PASSWORD_CHANGED,
        Notice.FACTOR_ADDED,
        Notice.FACTOR_REMOVED,
        Notice.MEANS_CHANGED,
        Notice.RECOVERED,
        Notice.HELP_DESK,
        Notice.PROTECTED,
    }
)
# For the mailbox alone: nothing has to be done about them today, or they are about others.
MAILBOX_ONLY = frozenset(
    {Notice.PASSWORD_EXPIRES, Notice.ACTIVATED, Notice.CORRECTION, Notice.REPORTED, Notice.ATTACK_WAVE}
)
SMS_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Happened:
    """What is told: NOTICE with its facts, and where it was."""

    notice: Notice
    at: datetime
    academy: str
    facts: Mapping[str, str]
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language."""

    subject: str
    lead: str  # one sentence: what happened; also what the bell shows
    paragraphs: tuple[str, ...]  # the letter, the lead first
    button: str  # of the link « it wasn't me »; "" where there is nothing to disown
    sms: str


def words(happened: Happened, language: str) -> Words:
    """The words for HAPPENED in LANGUAGE."""
    with translation.override(language):
        subject, lead, after = _texts(happened)[happened.notice]
        disowned = event_of_notice(happened.notice, happened.facts) is not None
        advice = _advice(happened.notice) if disowned else ()
        around = circumstances(happened) if disowned or happened.notice is Notice.PROTECTED else ""
        rest = (around, *after, *advice)
        return Words(
            subject=subject,
            lead=lead,
            paragraphs=tuple(text for text in (lead, *rest) if text),
            button=_("Ce n’était pas moi") if disowned else "",
            sms=_sms(happened),
        )


def when(moment: datetime) -> str:
    """A day and an hour: « mardi 24 novembre, 14 h 05 »."""
    return dateformat.format(timezone.localtime(moment), _("l j F, G \\h i"))


def where(place: Place, source: str) -> str:
    """The place in words; "" when nothing is known of it."""
    if place.own_network:
        return _("réseau de l’académie")
    country = country_name(place.country, get_language() or "fr")
    town = ", ".join(part for part in (place.city, country) if part)
    if town and source:
        return _("%(town)s (adresse %(source)s)") % {"town": town, "source": source}
    if source:
        return _("hors du réseau de l’académie (adresse %(source)s)") % {"source": source}
    return town


def circumstances(happened: Happened) -> str:
    """When, where, with what, as one line of short sentences."""
    source = source_in(happened.facts)
    place = where(happened.place, source)
    device = happened.facts.get("device", "")
    parts = [_("Quand : %(when)s.") % {"when": when(happened.at)}]
    if place:
        parts.append(_("Où : %(where)s.") % {"where": place})
    if device:
        parts.append(_("Avec : %(device)s.") % {"device": device})
    return " ".join(parts)


def source_in(facts: Mapping[str, str]) -> str:
    """The address in FACTS; an origin that is none (a command line) isn't told."""
    source = facts.get("source") or facts.get("origin", "")
    try:
        return str(ipaddress.ip_address(source))
    except ValueError:
        return ""


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


def _advice(notice: Notice) -> tuple[str, ...]:
    return (
        "" if notice is Notice.SUSPENDED else _("Si c’était vous, vous n’avez rien à faire."),
        _(
            "Si ce n’était pas vous, ouvrez le lien ci-dessous : une page vous montre ce qui sera fermé, et "
            "un bouton protège votre compte. Elle ne demande ni mot de passe ni code."
        ),
        _(
            "Vous préférez ne pas suivre de lien ? Ouvrez vous-même votre messagerie, puis « Mon compte », "
            "« Activité » ; ou appelez l’assistance de l’académie."
        ),
    )


def _sms(happened: Happened) -> str:
    """Without link, so that nobody learns to follow links in text messages; short enough for one, in letters
    that take seven bits. Only what is grave goes to telephones.
    """
    lead = _short(happened.notice)
    if not lead:
        return ""
    local = timezone.localtime(happened.at)
    text = _("%(academy)s, messagerie, %(day)s %(hour)s. %(lead)s Pas vous, appelez l'assistance.") % {
        "academy": happened.academy,
        "day": f"{local:%d/%m}",
        "hour": f"{local:%H:%M}",
        "lead": lead,
    }
    return text.replace("’", "'")[:SMS_LENGTH]


def _short(notice: Notice) -> str:
    return {
        Notice.UNUSUAL: _("Connexion inhabituelle."),
        Notice.SUSPENDED: _("Compte suspendu."),
        Notice.PASSWORD_CHANGED: _("Mot de passe modifié."),
        Notice.FACTOR_ADDED: _("Moyen de vérification ajouté."),
        Notice.FACTOR_REMOVED: _("Moyen de vérification retiré."),
        Notice.MEANS_CHANGED: _("Moyen de secours modifié."),
        Notice.RECOVERED: _("Accès retrouvé."),
        Notice.HELP_DESK: _("Intervention de l'assistance."),
        Notice.PROTECTED: _("Compte mis en sécurité."),
    }.get(notice, "")


Texts = tuple[str, str, tuple[str, ...]]


def _texts(happened: Happened) -> dict[Notice, Texts]:
    """Subject, lead, and what comes after the circumstances."""
    facts = happened.facts
    return {
        **_of_the_door(facts),
        **_of_the_account(facts),
        **_of_changes(facts),
        **_of_coming_back(facts),
        **_of_others(facts),
    }


def _of_the_door(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    return {
        Notice.NEW_DEVICE: (
            _("Nouvelle connexion à votre messagerie"),
            _("Votre messagerie a été ouverte depuis un appareil qui n’avait encore jamais servi."),
            (),
        ),
        Notice.UNUSUAL: (
            _("Connexion inhabituelle à votre messagerie"),
            _("Votre messagerie a été ouverte d’une façon inhabituelle pour vous."),
            (_reason(facts),),
        ),
        Notice.ONE_DEVICE: (
            _("Un second appareil a voulu ouvrir votre messagerie"),
            _(
                "Quelqu’un a donné le bon mot de passe sur un second appareil, alors que votre messagerie "
                "était déjà ouverte ailleurs."
            ),
            (_("Votre académie permet un seul appareil à la fois."), _until(facts)),
        ),
        Notice.LOCKED: (
            _("Des essais de connexion à votre compte ont échoué"),
            _("Plusieurs mots de passe faux ont été essayés sur votre compte. Personne n’est entré."),
            (
                _until(facts),
                _("Les appareils sur lesquels vous vous connectez d’habitude continuent de fonctionner."),
            ),
        ),
    }


def _of_the_account(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    days = int(facts["days"]) if facts.get("days", "").isdigit() else 0
    expires = (
        ngettext(
            "Votre mot de passe ne vaudra plus dans %(days)d jour.",
            "Votre mot de passe ne vaudra plus dans %(days)d jours.",
            days,
        )
        % {"days": days}
        if days
        else _("Votre mot de passe arrive à son terme.")
    )
    return {
        Notice.SUSPENDED: (
            _("Votre compte est suspendu"),
            _("Votre compte a été suspendu. Votre courrier continue d’arriver et vous attend."),
            (
                _reason(facts),
                _until(facts),
                _("Pour savoir comment revenir, ouvrez « Je n’arrive pas à me connecter » à la connexion."),
            ),
        ),
        Notice.RESUMED: (
            _("Votre compte est de nouveau ouvert"),
            _("La suspension de votre compte est levée : vous pouvez vous connecter."),
            (),
        ),
        Notice.ACTIVATED: (
            _("Votre messagerie est ouverte"),
            _("Votre compte est activé. Bienvenue dans votre messagerie professionnelle."),
            (),
        ),
        Notice.PASSWORD_EXPIRES: (
            _("Votre mot de passe est à renouveler"),
            expires,
            (
                _(
                    "Changez-le quand vous voulez : « Mon compte », « Mot de passe ». Vos logiciels de "
                    "messagerie ne sont pas touchés."
                ),
            ),
        ),
        Notice.CORRECTION: (
            _("Votre demande de correction"),
            _("Ce que vous aviez signalé d’inexact a été corrigé.")
            if facts.get("accepted")
            else _("L’assistance a examiné ce que vous aviez signalé d’inexact : rien n’a été modifié."),
            (
                _("Réponse de l’assistance : %(reason)s.") % {"reason": facts["reason"].rstrip(". ")}
                if facts.get("reason")
                else "",
                _("Référence de votre demande : %(reference)s.") % {"reference": facts["reference"]}
                if facts.get("reference")
                else "",
            ),
        ),
        Notice.HELP_DESK: (
            _("L’assistance est intervenue sur votre compte"),
            _("L’assistance de l’académie a agi sur votre compte%(what)s.") % {"what": _apart(facts)},
            (_reason(facts),),
        ),
    }


def _of_changes(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    what = {"what": _apart(facts)}
    return {
        Notice.PASSWORD_CHANGED: (
            _("Votre mot de passe a été changé"),
            _("Le mot de passe de votre messagerie vient d’être changé."),
            (),
        ),
        Notice.FACTOR_ADDED: (
            _("Un moyen de vérification a été ajouté à votre compte"),
            _("Un second moyen de vérifier que c’est bien vous a été ajouté%(what)s.") % what,
            (),
        ),
        Notice.FACTOR_REMOVED: (
            _("Un moyen de vérification a été retiré de votre compte"),
            _("Un second moyen de vérifier que c’est bien vous a été retiré%(what)s.") % what,
            (),
        ),
        Notice.MEANS_CHANGED: (
            _("Vos moyens de secours ont changé"),
            _("L’adresse ou le téléphone par lequel on vous joint en cas de besoin a changé%(what)s.") % what,
            (),
        ),
        Notice.APP_PASSWORD_CREATED: (
            _("Un mot de passe d’application a été créé"),
            _("Un mot de passe pour un logiciel de messagerie a été créé%(what)s.") % what,
            (),
        ),
        Notice.APP_PASSWORD_WAITS: (
            _("Un nouveau logiciel attend votre accord"),
            _("Un logiciel que nous ne connaissons pas veut ouvrir votre messagerie%(what)s.") % what,
            (
                _(
                    "Il n’a rien pu lire. Si c’est le vôtre, acceptez-le dans « Mon compte », "
                    "« Mots de passe d’application »."
                ),
            ),
        ),
    }


def _of_coming_back(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    return {
        Notice.RECOVERY_ASKED: (
            _("Quelqu’un a demandé à retrouver l’accès à votre compte"),
            _("Quelqu’un a indiqué avoir oublié votre mot de passe. Il n’a pas changé."),
            (_("Ne donnez à personne le code ou le lien que vous auriez reçu."),),
        ),
        Notice.RECOVERED: (
            _("L’accès à votre compte a été retrouvé"),
            _(
                "Quelqu’un a retrouvé l’accès à votre compte par un moyen de secours, et choisi un nouveau "
                "mot de passe."
            ),
            (_("Toutes les autres sessions ont été fermées."),),
        ),
        Notice.PROTECTED: (
            _("Votre compte a été mis en sécurité"),
            _("Quelqu’un a suivi le lien « Ce n’était pas moi » d’un avis : votre compte est protégé.")
            if facts.get("road") in {"mailbox", "mail"}
            else _("Vous avez indiqué « Ce n’était pas moi » : votre compte est protégé."),
            (
                _done(facts),
                _back(facts),
                _("Référence à donner à l’assistance : %(reference)s.") % {"reference": facts["reference"]}
                if facts.get("reference")
                else "",
            ),
        ),
    }


def _of_others(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    person = facts.get("person") or _("Quelqu’un")
    return {
        Notice.REPORTED: (
            _("Signalement : « Ce n’était pas moi » (%(reference)s)")
            % {"reference": facts.get("reference", "–")},
            _("%(person)s signale une connexion ou un changement qui ne vient pas de cette personne.")
            % {"person": person},
            (
                _done(facts),
                _("Ouvrez ce signalement dans la console, par sa référence."),
            ),
        ),
        Notice.ATTACK_WAVE: (
            _("Attaque en cours sur les comptes de l’académie"),
            _(
                "De nombreux essais de connexion échouent : %(failures)s essais depuis %(sources)s adresses, "
                "sur %(accounts)s comptes."
            )
            % {name: facts.get(name, "?") for name in ("failures", "sources", "accounts")},
            (_("Personne n’est bloqué sur ses appareils habituels. La console montre la vague en direct."),),
        ),
    }


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


def _done(facts: Mapping[str, str]) -> str:
    parts = [measure_words(measure) for measure in facts.get("done", "").split(",")]
    if facts.get("names"):
        parts.append(_("Retirés : %(names)s.") % {"names": facts["names"]})
    return " ".join(part for part in parts if part)


def _back(facts: Mapping[str, str]) -> str:
    if not facts.get("out"):
        return ""
    return _(
        "Pour revenir, ouvrez la page de connexion de votre académie, « Mot de passe oublié » ou « Je "
        "n’arrive pas à me connecter »."
    )


def _apart(facts: Mapping[str, str]) -> str:
    """« : ce dont il s'agit », where that is known."""
    what = ", ".join(
        part
        for part in (thing_words(facts.get("what") or facts.get("method", "")), facts.get("name"))
        if part
    )
    return _(" : %(what)s") % {"what": what} if what else ""


def _reason(facts: Mapping[str, str]) -> str:
    reason = facts.get("reason", "")
    return _("Motif : %(reason)s.") % {"reason": reason.rstrip(". ")} if reason else ""


def _until(facts: Mapping[str, str]) -> str:
    if facts.get("until"):
        return _("Cela dure jusqu’à : %(until)s.") % {"until": facts["until"]}
    minutes = facts.get("minutes", "")
    if not minutes.isdigit():
        return ""
    return ngettext("Cela dure %(count)d minute.", "Cela dure %(count)d minutes.", int(minutes)) % {
        "count": int(minutes)
    }
