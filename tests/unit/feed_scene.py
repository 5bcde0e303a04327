"""An academy and feeds made by hand, for tests of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.models import Academy, Account, Address
from casier.feed.actions import Source, ask_to_apply, ask_to_undo, begin, look
from casier.feed.applying.applying import apply
from casier.feed.applying.undoing import undo
from casier.feed.clock import Clock
from casier.feed.models import Change, Run, RunKind
from casier.feed.records import Function, Operation, PersonRecord, Place, Record, SchoolRecord
from casier.kernel.uai import key_letter

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
CLOCK = Clock(NOW)
ME = Actor.operator("tests")
WHY: dict[str, Any] = {"by": ME, "reason": "tests", "clock": CLOCK}
BIRTH = date(1980, 5, 17)


def later(days: int) -> Clock:
    return Clock(NOW + timedelta(days=days))


def uai(number: int) -> str:
    digits = f"{number:07d}"
    return digits + key_letter(digits)


LYCEE, COLLEGE = uai(760001), uai(760002)


def academy(slug: str = "rouen", domains: tuple[str, ...] = ("ac-rouen.fr", "ac-normandie.fr")) -> Academy:
    new = actions.NewAcademy(slug, f"Académie de {slug}", "#1a5fb4", domains, (f"{slug}.localhost",))
    return actions.create_academy(new, by=ME, reason="tests", now=NOW)


def school(key: str, code: str, name: str = "Lycée Corneille", **more: Any) -> SchoolRecord:
    return SchoolRecord(
        Place("etab.xml", 1), Operation.ADD, key, code, name, "lycée", "Rouen", "76000", **more
    )


SCHOOLS = (school("E1", LYCEE), school("E2", COLLEGE, "Collège Camus"))


def person(
    key: str,
    given: str = "JEAN",
    family: str = "MARTIN",
    functions: Iterable[Function] = (Function("E1", "ENS"),),
    **more: Any,
) -> PersonRecord:
    operation = more.pop("operation", Operation.ADD)
    more.setdefault("birth_date", BIRTH)
    return PersonRecord(
        Place("pers.xml", 1), operation, key, given, family, functions=tuple(functions), **more
    )


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in memory."""

    rows: tuple[Record, ...]
    complete: bool = True

    @property
    def covers(self) -> frozenset[str]:
        return frozenset({"schools", "people"}) if self.complete else frozenset()

    def records(self) -> Iterator[Record]:
        return iter(self.rows)


def silent(_done: int, _total: int) -> None:
    pass


def looked_at(owner: Academy, *rows: Record, complete: bool = True, clock: Clock = CLOCK) -> Run:
    source = Source(RunKind.AAF, complete)
    run = begin(owner, source, by=ME, reason="tests", clock=clock)
    return look(run, Feed(rows, complete), silent, clock)


def applied(
    owner: Academy, *rows: Record, complete: bool = True, clock: Clock = CLOCK, allow: int | None = None
) -> Run:
    run = looked_at(owner, *rows, complete=complete, clock=clock)
    run = ask_to_apply(run, by=ME, reason="tests", clock=clock, allow_leaving=allow)
    return apply(run, silent, clock)


def undone(run: Run, clock: Clock = CLOCK) -> Run:
    return undo(ask_to_undo(run, by=ME, reason="tests", clock=clock), silent, clock)


def lines(run: Run) -> list[tuple[str, str, str, str]]:
    """Subject, verb, code and status of every line."""
    rows = Change.objects.filter(run=run).order_by("number")
    return [(row.subject, row.verb, row.code, row.status) for row in rows]


def verbs(run: Run) -> list[tuple[str, str]]:
    return [(verb, code) for subject, verb, code, _status in lines(run) if subject == "person"]


def addresses() -> list[str]:
    """The primary addresses of everyone."""
    return sorted(Address.objects.filter(is_primary=True).values_list("address", flat=True))


def account(address: str) -> Account:
    found = Address.objects.get(address=address).account
    assert found is not None
    return Account.objects.select_related("person").get(pk=found.pk)
