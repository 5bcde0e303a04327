"""What a policy lets a school ask for: pure, so that a page can show it before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casier.contributors.errors import BadRequest
from casier.kernel.addresses import NameWithoutLetters, local_part
from casier.policies.policy import Contributors

# How long before the first day somebody may be asked for.
AHEAD = timedelta(days=180)
_DAY = timedelta(days=1)
_LONGEST = {"title": 20, "given_name": 100, "family_name": 100, "role": 150, "reason": 500}
_WANTED = ("given_name", "family_name", "role", "reason")
_OLDEST, _YOUNGEST = 100, 15  # years


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """A contributor as the head of a school describes them. It doesn't print: it holds what is theirs."""

    given_name: str
    family_name: str
    role: str
    starts_on: date
    ends_on: date
    reason: str
    title: str = ""
    birth_date: date | None = None
    mail: str = ""
    telephone: str = ""


def furthest(starts_on: date, today: date, policy: Contributors) -> date:
    """The last day that may be asked for by who begins on STARTS_ON."""
    return max(starts_on, today) + timedelta(days=policy.longest_days) - _DAY


def plain(wanted: Wanted) -> Wanted:
    """WANTED with single spaces."""
    texts = {name: " ".join(str(getattr(wanted, name)).split()) for name in _LONGEST}
    return Wanted(
        **texts,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        birth_date=wanted.birth_date,
        mail=wanted.mail.strip(),
        telephone=wanted.telephone.strip(),
    )


def check(wanted: Wanted, policy: Contributors, today: date) -> None:
    """Raises BadRequest with the first thing that can't be."""
    for name, most in _LONGEST.items():
        text = str(getattr(wanted, name))
        if name in _WANTED and not text:
            raise BadRequest("This is needed.", field=name, why="missing")
        if len(text) > most:
            raise BadRequest("Too long.", field=name, why="too_long", most=most)
    try:
        local_part(wanted.given_name, wanted.family_name)
    except NameWithoutLetters as error:
        raise BadRequest("No address can be made of it.", field="family_name", why="no_letters") from error
    _check_birth(wanted.birth_date, policy, today)
    _check_days(wanted, policy, today)


def _check_birth(born: date | None, policy: Contributors, today: date) -> None:
    if born is None:
        if policy.birth_date:
            raise BadRequest("This is needed.", field="birth_date", why="missing")
    elif not today.year - _OLDEST <= born.year <= today.year - _YOUNGEST:
        raise BadRequest("No such birth date.", field="birth_date", why="bad_day")


def _check_days(wanted: Wanted, policy: Contributors, today: date) -> None:
    if wanted.starts_on < today:
        raise BadRequest("The first day is past.", field="starts_on", why="past")
    if wanted.starts_on > today + AHEAD:
        last = today + AHEAD
        raise BadRequest("Too early to ask.", field="starts_on", why="too_early", last=last.isoformat())
    if wanted.ends_on < wanted.starts_on:
        raise BadRequest("It would end before it begins.", field="ends_on", why="before")
    last = furthest(wanted.starts_on, today, policy)
    if wanted.ends_on > last:
        raise BadRequest("Beyond the policy.", field="ends_on", why="too_long", last=last.isoformat())


def check_renewal(ends_on: date, before: date | None, policy: Contributors, today: date) -> None:
    """Whether a stay that ends on BEFORE may go on until ENDS_ON. Raises BadRequest."""
    if ends_on < today or (before is not None and ends_on <= before):
        raise BadRequest("Not later than it is.", field="ends_on", why="not_later")
    last = furthest(today, today, policy)
    if ends_on > last:
        raise BadRequest("Beyond the policy.", field="ends_on", why="too_long", last=last.isoformat())


def warning_due(ends_on: date, today: date, days: Iterable[int]) -> int | None:
    """Which notice of the end is due TODAY: the latest whose time has come, in days before; None: none."""
    left = (ends_on - today).days
    return min((one for one in days if left <= one), default=None) if left >= 0 else None
