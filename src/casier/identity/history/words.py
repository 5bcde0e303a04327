"""What each notice says: what happened, when, where, with what, and what to do. For people, no jargon.

No notice asks for a password or a code, and each says how to act without clicking on anything.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import dateformat, timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casier.identity.history.countries import country_name
from casier.identity.history.deciding import event_of_notice
from casier.identity.history.places import Place
from casier.identity.history.results import Notice
from casier.identity.history.texts import texts

# These also go to the telephone: who reads them late has lost something.
GRAVE = frozenset(
    {
        Notice.UNUSUAL,
        Notice.SUSPENDED,
        Notice.PASSWORD_CHANGED,
        Notice.FACTOR_ADDED,
        Notice.FACTOR_REMOVED,
        Notice.FACTOR_COPIED,
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
# Whoever did it, its owner has something to do.
_LEFT_TO_DO = frozenset({Notice.SUSPENDED, Notice.FACTOR_COPIED})
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
        subject, lead, after = texts(happened.facts)[happened.notice]
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


def _advice(notice: Notice) -> tuple[str, ...]:
    return (
        "" if notice in _LEFT_TO_DO else _("Si c’était vous, vous n’avez rien à faire."),
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
        Notice.FACTOR_COPIED: _("Clé de sécurité bloquée."),
        Notice.MEANS_CHANGED: _("Moyen de secours modifié."),
        Notice.RECOVERED: _("Accès retrouvé."),
        Notice.HELP_DESK: _("Intervention de l'assistance."),
        Notice.PROTECTED: _("Compte mis en sécurité."),
    }.get(notice, "")
