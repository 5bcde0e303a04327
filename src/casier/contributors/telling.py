"""Telling heads what became of what they asked, and heads and contributors that a time ends.

Letters into their own mailbox, and a line in the bell; rows in the caller's transaction, which the worker
brings. Those to heads hold no link: people are taught to distrust what asks for a click.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import dateformat, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.contributors.models import Request, State, Stay
from casier.contributors.sponsors import sponsor_for
from casier.directory.access import primary_address
from casier.directory.life import ENDED
from casier.directory.models import Account
from casier.identity.dispatch import api as dispatch
from casier.life.clocks import day_of
from casier.mailbox.notifications.actions import tell as ring

WHY = "contributors"


@dataclass(frozen=True, slots=True)
class Said:
    """A letter: what it is about, and its paragraphs."""

    subject: str
    paragraphs: tuple[str, ...]


def tell_decided(request: Request, stay: Stay | None, by_paper: bool, now: datetime) -> None:
    """Tell whoever asked what the DSI answered; who is in charge now, where they no longer are."""
    to = sponsor_for(request.school, request.asked_by, now) or request.asked_by
    with translation.override(dispatch.language_of(to)):
        said = _decided(request, stay, by_paper)
    _send(to, said, f"decided {request.id.hex}", now)


def tell_end_soon(stay: Stay, days: int, now: datetime) -> None:
    """Tell the sponsor and the contributor that it ends in DAYS."""
    ends_on = stay.posting.ends_on
    if ends_on is None:
        return
    key = f"ends {stay.id.hex} {ends_on:%Y%m%d} {days}"
    left = (ends_on - day_of(now)).days
    if stay.sponsor is not None:
        with translation.override(dispatch.language_of(stay.sponsor)):
            said = _ends_for_sponsor(stay, ends_on, left)
        _send(stay.sponsor, said, key, now)
    with translation.override(dispatch.language_of(stay.account)):
        said = _ends_for_contributor(stay, ends_on)
    _send(stay.account, said, f"{key} own", now)


def tell_begins_elsewhere(stay: Stay, now: datetime) -> None:
    """Tell somebody of another academy that they contribute here: who isn't meant must be able to say so."""
    with translation.override(dispatch.language_of(stay.account)):
        day = in_words(stay.posting.ends_on) if stay.posting.ends_on else ""
        words = {"school": stay.school.name, "academy": stay.school.academy.name, "day": day}
        said = Said(
            _("Vous intervenez dans une autre académie"),
            (
                _("Selon sa direction, vous intervenez jusqu’au %(day)s pour %(school)s, %(academy)s.")
                % words,
                _("Votre compte et votre adresse restent les mêmes ; rien n’est ouvert ni fermé."),
                _("Si ce n’est pas vous, dites-le à l’assistance de votre académie."),
            ),
        )
    _send(stay.account, said, f"elsewhere {stay.id.hex}", now)


def tell_changed(stay: Stay, now: datetime) -> None:
    """Tell the contributor until when it is now."""
    with translation.override(dispatch.language_of(stay.account)):
        day = in_words(stay.posting.ends_on) if stay.posting.ends_on else ""
        words = {"school": stay.school.name, "day": day}
        said = Said(
            _("Votre intervention est prolongée"),
            (_("Votre intervention à %(school)s va maintenant jusqu’au %(day)s.") % words,),
        )
    _send(stay.account, said, f"longer {stay.id.hex} {now:%Y%m%d%H%M%S}", now)


def tell_inherited(stays: list[Stay], sponsor: Account, now: datetime) -> None:
    """Tell SPONSOR for whom they answer from now on."""
    with translation.override(dispatch.language_of(sponsor)):
        who = ", ".join(f"{one.account.person.full_name} ({one.school.name})" for one in stays)
        lead = ngettext(
            "Vous répondez maintenant d’un intervenant extérieur : %(who)s.",
            "Vous répondez maintenant de %(count)d intervenants extérieurs : %(who)s.",
            len(stays),
        ) % {"count": len(stays), "who": who}
        advice = _("Ouvrez la console, puis « Intervenants », pour les prolonger ou mettre fin à leur accès.")
        said = Said(_("Intervenants extérieurs de votre établissement"), (lead, advice))
    _send(sponsor, said, f"inherited {now:%Y%m%d%H%M%S} {stays[0].id.hex}", now)


def in_words(day: date) -> str:
    """« mardi 24 novembre 2026 »."""
    return dateformat.format(day, _("l j F Y"))


def _decided(request: Request, stay: Stay | None, by_paper: bool) -> Said:
    name, day = request.full_name, in_words(request.ends_on)
    why = _("Réponse de la DSI : « %(answer)s »") % {"answer": request.answer} if request.answer else ""
    if request.state == State.LAPSED:
        lead = _("La période demandée pour %(name)s est passée sans réponse : refaites la demande.")
        return Said(_("Demande d’intervenant sans réponse"), (lead % {"name": name},))
    if request.state != State.APPROVED or stay is None:
        subject = _("Prolongation refusée") if request.renewal else _("Demande d’intervenant refusée")
        lead = _("La demande pour %(name)s n’est pas acceptée.") % {"name": name}
        return Said(subject, tuple(text for text in (lead, why) if text))
    words = {"name": name, "day": day, "address": primary_address(stay.account)}
    if request.renewal:
        lead = _("%(name)s peut rester jusqu’au %(day)s.") % words
        return Said(_("Prolongation acceptée"), tuple(text for text in (lead, why) if text))
    if stay.account.academy_id != stay.school.academy_id:
        lead = _("%(name)s intervient jusqu’au %(day)s, avec sa boîte d’une autre académie : %(address)s.")
        return Said(_("Demande d’intervenant acceptée"), tuple(text for text in (lead % words, why) if text))
    lead = _("%(name)s a maintenant une boîte, %(address)s, jusqu’au %(day)s.") % words
    way = (
        _("Imprimez sa feuille d’arrivée depuis la console, « Intervenants », et remettez-la en main propre.")
        if by_paper
        else _("Son premier accès lui est envoyé à son adresse ou à son téléphone personnels.")
    )
    return Said(_("Demande d’intervenant acceptée"), tuple(text for text in (lead, way, why) if text))


def _ends_for_sponsor(stay: Stay, ends_on: date, left: int) -> Said:
    words = {"name": stay.account.person.full_name, "school": stay.school.name, "day": in_words(ends_on)}
    subject = ngettext(
        "Un intervenant termine dans %(count)d jour",
        "Un intervenant termine dans %(count)d jours",
        max(left, 1),
    ) % {"count": max(left, 1)}
    return Said(
        subject,
        (
            _("%(name)s intervient à %(school)s jusqu’au %(day)s ; son accès se ferme ensuite.") % words,
            _("Pour prolonger, ouvrez la console, puis « Intervenants ». Sinon, il n’y a rien à faire."),
        ),
    )


def _ends_for_contributor(stay: Stay, ends_on: date) -> Said:
    words = {"school": stay.school.name, "day": in_words(ends_on)}
    return Said(
        _("Votre intervention se termine bientôt"),
        (
            _("Votre intervention à %(school)s va jusqu’au %(day)s.") % words,
            _("Si elle doit durer, parlez-en à la direction : elle seule peut la prolonger."),
        ),
    )


def _send(account: Account, said: Said, key: str, now: datetime) -> None:
    if account.state in ENDED:
        return
    letter = dispatch.Letter(said.subject, said.paragraphs, dispatch.language_of(account))
    dispatch.put_into_mailbox(account, letter, why=WHY)
    ring(account, said.subject, said.paragraphs[0], f"contributor {key}", now)
