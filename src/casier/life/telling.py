"""Telling people what happens to their account: a letter in the mailbox, a line in the bell, backup means.

All of it are rows in the caller's transaction; the worker brings them. Each step is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from casier.directory.models import Account
from casier.identity.dispatch import api as dispatch
from casier.identity.means import api as means
from casier.identity.recovery.addresses import page_address
from casier.life.clocks import closes_on, purges_on, spans
from casier.life.models import Becomes, Departure, DepartureNotice
from casier.mailbox.notifications.actions import tell as ring
from casier.policies.api import policy_for

WHY = "life"
# Where the person sees what will happen, and takes a copy of their mail along.
PAGE = "/compte/depart/"


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in one language. BUTTON: of the link to the person's page; "": they can't open it any more."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""


def tell_departure(departure: Departure, kind: str, now: datetime) -> bool:
    """Tell the person of DEPARTURE the step KIND, once; whether it was told now."""
    account = departure.account
    with transaction.atomic():
        row, new = DepartureNotice.objects.get_or_create(departure=departure, kind=kind, defaults={"at": now})
        if not new:
            return False
        language = dispatch.language_of(account)
        with translation.override(language):
            said = _words(departure, kind)
        inside = (_inside(kind) and departure.closed_on is None) or kind == "reopened"
        row.means = send(account, said, f"{kind} {departure.id.hex}", now, inside=inside)
        row.save(update_fields=["means"])
    return True


def send(account: Account, said: Said, key: str, now: datetime, *, inside: bool) -> int:
    """Send SAID; INSIDE: into the mailbox and the bell too. How many backup means it goes to."""
    language = dispatch.language_of(account)
    link = (said.button, page_address(account.academy, PAGE)) if said.button else None
    letter = dispatch.Letter(said.subject, said.paragraphs, language, link=link)
    if inside:
        dispatch.put_into_mailbox(account, letter, why=WHY)
        ring(account, said.subject, said.paragraphs[0], f"life {key}", now)
    return means.tell_means(account, letter, "", why=WHY)


def in_words(day: date) -> str:
    """« mardi 24 novembre 2026 »."""
    return dateformat.format(day, _("l j F Y"))


def fate_in_words(departure: Departure) -> str:
    """What becomes of the mailbox after the day on which it closes, in the language in force."""
    if departure.becomes == Becomes.REDIRECTED:
        return _("Le courrier qui vous sera adressé ensuite ira à %(address)s.") % {
            "address": departure.redirect_to
        }
    if departure.becomes == Becomes.HANDED and departure.handed_to is not None:
        return _(
            "Votre boîte est transmise à %(name)s, qui recevra le courrier et pourra lire ce qui y reste, "
            "sauf les dossiers nommés « Personnel » ou « Privé »."
        ) % {"name": departure.handed_to.person.full_name}
    return _("Le courrier qui vous sera adressé ensuite sera refusé, et l’expéditeur en sera averti.")


def _inside(kind: str) -> bool:
    """Whether the mailbox is still, or again, the person's."""
    return kind.partition("-")[0] in {"begun", "moved", "reminder", "staying", "reopened", "fate"}


def _words(departure: Departure, kind: str) -> Said:
    held = spans(departure.account)
    closing, purge = closes_on(departure, held), purges_on(departure, held)
    name = kind.partition("-")[0]
    match name:
        case "begun" | "moved":
            said = _going(departure, closing, name)
        case "reminder":
            said = _reminder(departure, closing)
        case "fate":
            subject = _("Ce que deviendra votre boîte")
            said = Said(subject, (fate_in_words(departure),), _("Voir ce qui va se passer"))
        case "staying" | "reopened":
            said = _back(name)
        case "closed":
            said = _closed(departure, purge)
        case "soon":
            said = _soon(purge)
        case _:
            said = _purged()
    return said


def _going(departure: Departure, closing: date | None, name: str) -> Said:
    subject = (
        _("Votre compte sera fermé") if name == "begun" else _("La date de fermeture de votre compte change")
    )
    when = (
        _("Votre compte académique fermera le %(day)s.") % {"day": in_words(closing)}
        if closing
        else _("Votre compte académique fermera ; la date n’est pas encore connue.")
    )
    return Said(subject, (when, *_advice(departure)), _("Voir ce qui va se passer"))


def _reminder(departure: Departure, closing: date | None) -> Said:
    day = in_words(closing or timezone.localdate())
    lead = _("Rappel : votre compte académique ferme le %(day)s.") % {"day": day}
    return Said(_("Votre compte ferme bientôt"), (lead, *_advice(departure)), _("Emporter une copie"))


def _advice(departure: Departure) -> Sequence[str]:
    absence = (
        _("Après votre dernier jour, un message d’absence répondra pour vous ; vous pouvez le modifier.")
        if policy_for(departure.account.academy).leaving.absence_message
        else ""
    )
    texts = (
        _("Jusque-là, tout fonctionne comme d’habitude."),
        absence,
        _("Avant cette date, emportez une copie de votre courrier, de vos contacts et de vos agendas."),
        fate_in_words(departure),
        _("Si c’est une erreur, dites-le à votre établissement ou à l’assistance : tout peut être rétabli."),
    )
    return tuple(text for text in texts if text)


def _back(name: str) -> Said:
    if name == "staying":
        return Said(
            _("Votre compte reste ouvert"),
            (_("Le départ qui était prévu est annulé : votre compte ne fermera pas."),),
        )
    return Said(
        _("Votre compte est rouvert"),
        (
            _("Votre compte est rouvert, avec tout ce qu’il contenait."),
            _("Les mots de passe d’application ont pris fin : créez-en de nouveaux s’il vous en faut."),
        ),
    )


def _closed(departure: Departure, purge: date | None) -> Said:
    until = (
        _("Ce que contenait votre boîte est conservé jusqu’au %(day)s, puis effacé.")
        % {"day": in_words(purge)}
        if purge
        else _("Ce que contenait votre boîte est conservé jusqu’à nouvel ordre.")
    )
    return Said(
        _("Votre compte est fermé"),
        (
            _("Votre compte académique est fermé depuis aujourd’hui."),
            fate_in_words(departure),
            until,
            _("S’il y a une erreur, appelez l’assistance de l’académie : jusque-là, tout peut être rouvert."),
        ),
    )


def _soon(purge: date | None) -> Said:
    day = in_words(purge or timezone.localdate())
    return Said(
        _("Le contenu de votre ancienne boîte va être effacé"),
        (
            _("Le %(day)s, ce que contenait votre ancienne boîte académique sera effacé pour toujours.")
            % {"day": day},
            _("S’il vous en manque quelque chose, appelez l’assistance de l’académie avant cette date."),
        ),
    )


def _purged() -> Said:
    return Said(
        _("Le contenu de votre ancienne boîte est effacé"),
        (
            _(
                "Ce que contenait votre ancienne boîte académique a été effacé : courrier, agendas, "
                "contacts, fichiers. Cette adresse de secours l’est aussi : ce message est le dernier."
            ),
        ),
    )
