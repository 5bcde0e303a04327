"""The answers that go out for somebody who has left, as long as their address still arrives.

They are the person's own absence message, in the person's own rules: to be seen and changed by them. One that
they wrote themselves is left alone.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import msgspec
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from casier.audit.api import Actor
from casier.directory.life import OUT
from casier.identity.dispatch.api import language_of
from casier.kernel.errors import CasierError, Unavailable
from casier.life.models import Departure, Step
from casier.life.telling import in_words
from casier.mailbox.filters.actions import rules_of, save_rules
from casier.mailbox.filters.rules import Absence
from casier.mailbox.filters.store import ScriptStore

log = logging.getLogger(__name__)
BY = Actor.system("leaving")
AGAIN = timedelta(minutes=10)
MOST_TRIES = 12
_LANGUAGES = ("fr", "en")
# Stands where a day would, in the text that ours is compared with.
_ANY_DAY = "\0"
_LONGEST_DAY = 60


def due(now: datetime) -> QuerySet[Departure]:
    """Departures whose answers are to be set or taken back."""
    rows = Departure.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), absence=Step.WANTED)
    return rows.select_related("account__academy", "account__person", "account__store", "account__user")


def follow(departure: Departure, now: datetime, store: ScriptStore | None = None) -> None:
    """Make the absence message what the departure wants it to be, or note when to try again."""
    account = departure.account
    if departure.ended_on is not None and _left_again(departure):
        # The answers are those of the new departure by now, or will be.
        _settle(departure, Step.NONE, now)
        return
    if account.state in OUT or account.provisioned_at is None:
        # Nobody acts for them now. Whoever is closed gets no mail to be answered.
        _settle(departure, Step.NONE if departure.closed_on else Step.WANTED, now)
        return
    try:
        found = rules_of(account, store)
        wanted = _wanted(departure, found.rules.absence)
        if wanted is not None:
            save_rules(account, msgspec.structs.replace(found.rules, absence=wanted), by=BY, store=store)
    except CasierError as error:
        log.warning("absence of %s: %s", account.public_id, error)
        patient = isinstance(error, Unavailable) or departure.tries < MOST_TRIES
        _settle(departure, Step.WANTED if patient else Step.FAILED, now)
        return
    _settle(departure, Step.NONE if departure.ended_on else Step.DONE, now)


def _wanted(departure: Departure, held: Absence) -> Absence | None:
    """What it becomes; None: it stays as it is."""
    ours = held.on and _is_ours(departure, held.inside)
    if departure.ended_on is not None:
        return msgspec.structs.replace(held, on=False) if ours else None
    if held.on and not ours and held.end is None:
        return None
    language = language_of(departure.account)
    start = departure.last_day + timedelta(days=1)
    return Absence(on=True, start=start, inside=_text(departure, language), answer_outside=True)


def _left_again(departure: Departure) -> bool:
    """Whether the same account leaves anew, with answers of its own."""
    rows = Departure.objects.filter(account=departure.account_id, ended_on=None)
    return rows.filter(absence__in=[Step.WANTED, Step.DONE]).exists()


def _is_ours(departure: Departure, text: str) -> bool:
    """Whether nobody has changed TEXT since it was set, in whatever language the person read then, and
    whatever the last day was then.
    """
    for language in _LANGUAGES:
        before, _day, after = _text(departure, language, _ANY_DAY).partition(_ANY_DAY)
        between = text[len(before) : len(text) - len(after)]
        if text.startswith(before) and text.endswith(after) and between and len(between) <= _LONGEST_DAY:
            return "\n" not in between
    return False


def _text(departure: Departure, language: str, day: str = "") -> str:
    with translation.override(language):
        lines = (
            _("Bonjour,"),
            _("%(name)s a quitté ses fonctions le %(day)s et ne lira pas votre message.")
            % {"name": departure.account.person.full_name, "day": day or in_words(departure.last_day)},
            _("Cette adresse sera bientôt fermée. Adressez-vous à l’établissement ou au service concerné."),
        )
    return "\n\n".join(lines)


def _settle(departure: Departure, step: Step, now: datetime) -> None:
    waits = step is Step.WANTED
    Departure.objects.filter(pk=departure.pk).update(
        absence=step,
        # Someone suspended for months is looked at as often: the column has an end.
        tries=min(departure.tries + 1, 1000) if waits else 0,
        next_try_at=now + AGAIN if waits else None,
    )
