"""What the console says of reports, references, corrections and messages on their way: words, never codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import dateformat, timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casier.console.deeds import sign_words
from casier.console.wording import result_words
from casier.identity.history.models import Report
from casier.identity.history.naming import measure_words, proof_words, thing_words
from casier.identity.history.results import Notice
from casier.identity.history.words import Happened, words


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its name, both as a person reads them."""

    name: str
    value: str


def event_words(event: str) -> str:
    """What somebody says was not them (`history.deciding.Event`)."""
    return {
        "try": _("Des essais de connexion, sans le bon mot de passe"),
        "password_known": _("Une connexion avec le bon mot de passe, arrêtée avant d’ouvrir la boîte"),
        "came_in": _("Une connexion qui a ouvert la boîte"),
        "changed": _("Un changement dans la façon d’entrer"),
        "program": _("Un logiciel de messagerie qui a montré un mot de passe juste"),
        "recovery": _("Une demande pour retrouver l’accès"),
    }.get(event, _("Un fait du compte"))


def road_words(road: str) -> str:
    """By which road a report came, or a notice went."""
    return {
        "session": _("depuis « Activité », la personne étant connectée"),
        "mailbox": _("par le lien d’un avis reçu dans la boîte"),
        "mail": _("par le lien d’un avis reçu à l’adresse de secours"),
    }.get(road, _("par un lien"))


def done_words(report: Report) -> list[str]:
    """What was done at once, one sentence a measure, with the names of what was taken away."""
    named: dict[str, list[str]] = {}
    for measure, kind, name in ((*step, "", "")[:3] for step in report.done):
        named.setdefault(measure, [])
        if kind or name:
            named[measure].append(_removed(kind, name))
    return [
        " ".join(part for part in (measure_words(measure), _list(things)) if part)
        for measure, things in named.items()
    ]


def _removed(kind: str, name: str) -> str:
    what = {"app_password": _("mot de passe d’application"), "telephone": _("téléphone de secours")}.get(
        kind
    ) or thing_words(kind)
    return _("%(what)s « %(name)s »") % {"what": what, "name": name} if name else what


def _list(things: list[str]) -> str:
    return _("Retirés : %(names)s.") % {"names": ", ".join(things)} if things else ""


def report_facts(report: Report) -> list[Fact]:
    """What was disowned, as far as it is known."""
    facts = dict(report.facts)
    found = []
    if notice := facts.pop("notice", ""):
        found.append(Fact(_("Avis reçu"), notice_words(notice)))
    if result := facts.pop("result", ""):
        found.append(Fact(_("Connexion"), result_words(result)))
    return [*found, *shown_facts(facts)]


def notice_words(notice: str) -> str:
    """The subject of a notice, as its person read it."""
    if notice not in set(Notice):
        return _("Avis de sécurité")
    happened = Happened(Notice(notice), timezone.now(), "", {})
    return words(happened, translation.get_language() or "fr").subject


# Kept for programs, or said elsewhere on the page.
_UNSAID = frozenset(
    {"sign_in", "id", "by", "out", "done", "reference", "change", "country", "wave", "ends_at"}
)


def shown_facts(facts: Mapping[str, Any]) -> list[Fact]:
    """FACTS with their names in words. One without a name is not shown: it says nothing to a person."""
    return list(_shown(facts))


def _shown(facts: Mapping[str, Any]) -> Iterator[Fact]:
    names = _names()
    for name, value in facts.items():
        if name in names and name not in _UNSAID and value:
            yield Fact(names[name], _value(name, str(value)))


def known_facts() -> frozenset[str]:
    """The facts that have a name, or are left out on purpose."""
    return frozenset(_names()) | _UNSAID


def _names() -> dict[str, str]:
    return {
        "at": _("Quand"),
        "source": _("Depuis"),
        "origin": _("Depuis"),
        "place": _("Lieu"),
        "device": _("Appareil"),
        "lane": _("Ce qui est bloqué"),
        "proofs": _("Preuves montrées"),
        "method": _("Moyen"),
        "for": _("Pour"),
        "what": _("Ce qui a changé"),
        "name": _("Nom"),
        "names": _("Noms"),
        "page": _("Page demandée"),
        "signs": _("Ce qui a surpris"),
        "reason": _("Motif"),
        "until": _("Jusqu’à"),
        "minutes": _("Durée en minutes"),
        "days": _("Durée en jours"),
        "person": _("Personne"),
        "accepted": _("Corrigé"),
        "failures": _("Essais"),
        "sources": _("Adresses"),
        "accounts": _("Comptes"),
        "road": _("Signalé"),
        "fault": _("Détail technique"),
        "why": _("Cause"),
    }


def _value(name: str, value: str) -> str:
    if name in {"at", "until"}:
        return _moment(value)
    if name in {"proofs", "signs"}:
        parts = value.replace(",", " ").split()
        return ", ".join(proof_words(part) or sign_words(part) for part in parts)
    translate = _TRANSLATED.get(name)
    return translate(value) if translate else value


def _moment(text: str) -> str:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return moment_words(moment) if moment else text


def moment_words(moment: datetime) -> str:
    """« mardi 24 novembre, 14 h 05 »."""
    return dateformat.format(timezone.localtime(moment), _("l j F, G \\h i"))


def lane_words(lane: str) -> str:
    """Which way to the account is shut."""
    return {
        "unknown": _("les appareils inconnus"),
        "device": _("un appareil connu"),
        "factor": _("le second facteur"),
        "one_device": _("deux appareils à la fois"),
        "all": _("le compte entier"),
    }.get(lane, _("un chemin vers le compte"))


def method_of_door(method: str) -> str:
    """What was typed where a proof was asked."""
    return {
        "password": _("mot de passe"),
        "application": _("application de codes"),
        "cle": _("clé de sécurité"),
        "telephone": _("code par téléphone"),
        "secours": _("code de secours"),
        "recovery_codes": _("code de secours"),
        "sms": _("code par SMS"),
        "appel": _("code par appel"),
        "passkey": _("clé d’accès"),
    }.get(method) or thing_words(method)


def purpose_words(purpose: str) -> str:
    """What a code or a proof was for (`means.codes.CodePurpose`)."""
    return {
        "second_factor": _("se connecter"),
        "verify": _("vérifier un moyen de secours"),
        "recovery": _("retrouver l’accès"),
        "repair": _("réparer l’accès"),
        "step_up": _("confirmer son identité avant un acte"),
    }.get(purpose, _("autre chose"))


def _yes(value: str) -> str:
    return _("oui") if value else _("non")


_TRANSLATED: dict[str, Callable[[str], str]] = {
    "lane": lane_words,
    "method": method_of_door,
    "for": purpose_words,
    "what": thing_words,
    "road": road_words,
    "accepted": _yes,
}


def wrong_words(wrong: str) -> str:
    """What somebody finds wrong about themselves (`activation.models.Wrong`)."""
    return {
        "name": _("le nom ou le prénom"),
        "birth_date": _("la date de naissance"),
        "school": _("l’établissement"),
        "function": _("la fonction"),
        "address": _("l’adresse"),
        "other": _("autre chose"),
    }.get(wrong, _("autre chose"))


def dispatch_words(kind: str) -> str:
    """By which road something was sent (`dispatch.models.Kind`)."""
    return {
        "mail": _("Courriel à l’adresse de secours"),
        "mailbox": _("Message dans la boîte"),
        "sms": _("SMS"),
        "voice": _("Appel vocal"),
    }.get(kind, _("Message"))


def why_words(why: str) -> str:
    """Why it was sent."""
    return {
        "code": _("code à usage unique"),
        "notice": _("avis de sécurité"),
        "recovery": _("lien pour retrouver l’accès"),
        "links": _("fichier par lien"),
        "redirect": _("vérification d’une redirection"),
        "invitation": _("invitation"),
        "schools": _("affaires de l’établissement"),
    }.get(why, _("message de la plateforme"))


def fate_words(fate: str) -> str:
    """How far it is (`dispatch.fate.Fate`)."""
    return {
        "waiting": _("en attente"),
        "sending": _("envoi en cours"),
        "sent": _("envoyé"),
        "delivered": _("arrivé sur le téléphone"),
        "failed": _("échec"),
        "late": _("abandonné : il serait arrivé trop tard"),
        "doubtful": _("incertain : peut-être envoyé, pas répété"),
    }.get(fate, _("inconnu"))
