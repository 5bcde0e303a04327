"""People are found by any fragment of a name, an address or a school; the lines follow what changes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet

from casier.audit.models import OutboxEvent
from casier.console.finding import find
from casier.directory import actions, finding
from casier.directory.models import Academy, Account, FindLine
from unit.identity_people import BY, academy

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


def made(where: Academy, given: str, family: str, **more: object) -> Account:
    new = actions.NewAccount(given_name=given, family_name=family, **more)  # type: ignore[arg-type]
    return actions.create_account(where, new, by=BY, reason="test", now=NOW)


def names(within: QuerySet[Account], typed: str) -> list[str]:
    return [person.name for person in find(within, typed).people]


def test_any_fragment_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    where = academy()
    school = actions.create_school(
        where, actions.NewSchool("0760001N", "Collège Jean Moulin", "collège", "Le Havre"),
        by=BY, reason="test", now=NOW,
    )  # fmt: skip
    made(where, "Noëlle", "d’Arc", school=school, function="ENS", birth_name="Lefèvre")
    made(where, "Jean", "Martin")
    made(where, "Jean", "Martin")
    everyone = Account.objects.all()
    for typed in (
        "noelle",
        "NOËLLE d'arc",
        "arc",
        "lefevre",
        "0760001n",
        "moulin havre",
        "ens noel",
        "e.darc@",
    ):
        assert names(everyone, typed) == ["Noëlle d’Arc"], typed
    assert names(everyone, "jean.martin1") == ["Jean Martin"]
    assert names(everyone, "jean martin") == ["Jean Martin", "Jean Martin"]
    assert names(everyone, "martin noelle") == names(everyone, "zzz") == names(everyone, "x") == []
    assert names(everyone, "%") == names(everyone, "a%n") == names(everyone, "_____") == []


def test_what_changed_is_found_before_anybody_worked_it_off() -> None:
    account = made(academy(), "Claire", "Petit")
    assert names(Account.objects.all(), "petit") == ["Claire Petit"]
    actions.rename(account, "Claire", "Durand", by=BY, reason="mariage", now=datetime.now(UTC))
    assert names(Account.objects.all(), "durand") == ["Claire Durand"]
    # The old address still arrives, and still finds.
    assert names(Account.objects.all(), "petit") == ["Claire Durand"]


def test_nobody_outside_the_perimeter_is_found_however_many_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    where = academy()
    made(where, "Zoé", "Martin")
    last = made(where, "Anne", "Zola")
    for number in range(6):
        made(where, "Anne", f"Bernard{'abcdef'[number]}")
    monkeypatch.setattr(finding, "LOOKED_AT", 3)
    assert names(Account.objects.filter(pk=last.pk), "anne") == ["Anne Zola"]
    assert names(Account.objects.none(), "anne") == []


def test_lines_are_made_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    where = academy()
    for given in ("Un", "Deux", "Trois"):
        made(where, given, "Durand")
    OutboxEvent.objects.all().delete()
    monkeypatch.setattr(finding, "CHUNK", 2)
    assert names(Account.objects.all(), "durand") == []
    assert finding.fill(NOW) == 3
    assert finding.fill(NOW) == 0
    # Lines of an older form are written anew, once.
    assert finding.fill(finding.FORM_SINCE) == 3
    assert finding.fill(finding.FORM_SINCE) == 0
    FindLine.objects.update(text="autre")
    assert finding.rebuild(NOW, where) == 3
    assert names(Account.objects.all(), "durand") == ["Deux Durand", "Trois Durand", "Un Durand"]


def test_an_account_that_is_gone_is_no_obstacle() -> None:
    assert finding.refresh([uuid.uuid4()], NOW) == 0


def test_lists_go_by_name_whatever_its_case_and_accents() -> None:
    rouen = academy()
    for family in ("Zola", "d'Harcourt", "Éluard", "Aragon"):
        made(rouen, "Anne", family)
    finding.rebuild(datetime.now(UTC))
    rows = Account.objects.filter(academy=rouen).order_by(*finding.by_name())
    assert [row.person.family_name for row in rows] == ["Aragon", "d'Harcourt", "Éluard", "Zola"]
