"""Reviews of who holds which right: asked of whom, answered by whom, and what becomes of silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from django.utils import timezone
from typer.testing import CliRunner

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.boot.commands import mandate
from casier.boot.commands import rights as commands
from casier.directory import actions
from casier.directory.actions import Loan, NewMandate
from casier.directory.errors import AlreadyThere, BadMandate, WrongState
from casier.directory.models import (
    Academy,
    Account,
    DelegateRight,
    Mandate,
    Membership,
    Office,
    Role,
    School,
)
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.policies.api import adopt, policy_for, with_changes
from casier.rights import api as rights
from casier.rights.api import Answer, Kind, Line, Review

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BY = Actor.operator("test")
WHY: dict[str, Any] = {"by": BY, "reason": "rentrée", "now": NOW}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("audit.outbox", "identity.dispatch.actions"):
        monkeypatch.setattr(f"casier.{room}.wake_worker", lambda *_: None)


@pytest.fixture
def rouen() -> Academy:
    new = actions.NewAcademy("rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("rouen.localhost",))
    return actions.create_academy(new, **WHY)


@pytest.fixture
def monod(rouen: Academy) -> School:
    return School.objects.create(academy=rouen, uai="0761234D", name="Collège Monod", department="76")


def someone(where: Academy, family: str, at: School | None = None) -> Account:
    made = actions.create_account(where, actions.NewAccount("Alix", family, at, "ENS"), **WHY)
    return actions.activate(made, **WHY)


def charged(account: Account, office: Office, **more: Any) -> Mandate:
    return actions.give_mandate(account, NewMandate(office, **more), **WHY)


def person_of(account: Account) -> dict[str, Any]:
    return {"by": Actor.account(account.public_id, "192.0.2.1"), "account": account, "now": NOW}


def line_of(review: Review, account: Account, kind: Kind = Kind.MANDATE) -> Line:
    return next(one for one in rights.lines_of(review) if one.holder == account and one.kind == kind)


def asked(review: Review) -> dict[Account, set[Account]]:
    """Who is asked about whom."""
    found = rights.in_charge(review, rights.lines_of(review), NOW)
    return {account: {line.holder for line in lines} for account, lines in found.items()}


def test_each_right_is_a_line_and_goes_to_who_answers_for_it(rouen: Academy, monod: School) -> None:
    dsi, second, head, teacher, desk = (
        someone(rouen, name, monod) for name in ("Dsi", "Second", "Head", "Teacher", "Desk")
    )
    for account in (dsi, second):
        charged(account, Office.DSI)
    charged(head, Office.HEAD, school=monod)
    charged(desk, Office.HELP_DESK, department="76")
    charged(someone(rouen, "Chief"), Office.PLATFORM)
    box = actions.create_functional_mailbox(rouen, actions.NewMailbox("Monod", monod), **WHY)
    actions.set_member(box, teacher, Role.MANAGE, **WHY)
    actions.set_member(box, desk, Role.READ, **WHY)
    opening = actions.Opening(DelegateRight.READ, NOW, NOW + 30 * DAY)
    actions.delegate_mailbox(head, teacher, opening, **WHY)
    actions.delegate_mailbox(teacher, head, opening, **WHY)  # of who holds no office: their own affair
    review = rights.start_review(rouen, by=BY, now=NOW)
    assert sorted((line.kind, line.holder.person.family_name) for line in rights.lines_of(review)) == [
        ("delegation", "Teacher"), ("manager", "Teacher"),
        ("mandate", "Desk"), ("mandate", "Dsi"), ("mandate", "Head"), ("mandate", "Second"),
    ]  # fmt: skip
    assert asked(review) == {
        head: {teacher},
        dsi: {second, head, desk, teacher},
        second: {dsi, head, desk, teacher},
    }
    assert Dispatch.objects.filter(why="rights").count() == 3
    with pytest.raises(AlreadyThere):
        rights.start_review(rouen, by=BY, now=NOW)


def test_only_who_is_in_charge_answers_and_never_for_themselves(rouen: Academy, monod: School) -> None:
    dsi, head, desk, elsewhere = (someone(rouen, n, monod) for n in ("Dsi", "Head", "Desk", "Other"))
    curie = School.objects.create(academy=rouen, uai="0761235Y", name="Curie")
    charged(dsi, Office.DSI)
    row = charged(head, Office.HEAD, school=monod)
    charged(elsewhere, Office.HEAD, school=curie)
    charged(desk, Office.HELP_DESK, school=monod)
    borrower = someone(rouen, "Borrower", monod)
    by = Actor.account(head.public_id, "")
    rights.lend(row, borrower, Loan(NOW + DAY), by=by, reason="congé", now=NOW)
    review = rights.start_review(rouen, by=BY, now=NOW)
    desks, heads, dsis = (line_of(review, one) for one in (desk, head, dsi))
    for account, line in ((desk, desks), (elsewhere, desks), (borrower, desks), (head, heads),
                          (borrower, heads), (dsi, dsis), (head, dsis)):  # fmt: skip
        assert not rights.may_answer(account, line, NOW)
        with pytest.raises(NotAllowed):
            rights.confirm(line, **person_of(account))
        with pytest.raises(NotAllowed):
            rights.withdraw(line, reason="r", **person_of(account))
    for nobody in (Actor.system("x"), Actor("operator:x", "192.0.2.1")):
        with pytest.raises(NotAllowed):
            rights.confirm(dsis, by=nobody, account=None, now=NOW)
    assert rights.confirm(desks, **person_of(head)).answer == Answer.CONFIRMED
    assert rights.confirm(heads, **person_of(dsi)).answer == Answer.CONFIRMED
    assert rights.confirm(dsis, by=BY, account=None, now=NOW).answer == Answer.CONFIRMED
    assert rights.withdraw(desks, reason="parti", **person_of(head)).answer == Answer.WITHDRAWN
    assert not Mandate.objects.filter(account=desk, ended_at=None).exists()
    with pytest.raises(WrongState):
        rights.confirm(desks, **person_of(head))
    said = JournalEntry.objects.filter(action__startswith="rights.").values_list("action", flat=True)
    assert set(said) == {"rights.review_started", "rights.confirmed", "rights.withdrawn"}


def test_what_is_taken_back_ends_and_needs_a_reason(rouen: Academy, monod: School) -> None:
    dsi, head, teacher = (someone(rouen, name, monod) for name in ("Dsi", "Head", "Teacher"))
    charged(dsi, Office.DSI)
    charged(head, Office.HEAD, school=monod)
    box = actions.create_functional_mailbox(rouen, actions.NewMailbox("Monod", monod), **WHY)
    actions.set_member(box, teacher, Role.MANAGE, **WHY)
    opened = actions.delegate_mailbox(
        head, teacher, actions.Opening(DelegateRight.READ, NOW, NOW + 30 * DAY), **WHY
    )
    review = rights.start_review(rouen, by=BY, now=NOW)
    manager, delegation = (line_of(review, teacher, kind) for kind in (Kind.MANAGER, Kind.DELEGATION))
    with pytest.raises(BadMandate, match="reason"):
        rights.withdraw(manager, reason=" ", **person_of(head))
    rights.withdraw(manager, reason="r", **person_of(head))
    assert not Membership.objects.filter(account=teacher).exists()
    # The mailbox is the head's own: somebody else says whether it stays open.
    with pytest.raises(NotAllowed):
        rights.withdraw(delegation, reason="r", **person_of(head))
    rights.withdraw(delegation, reason="r", **person_of(dsi))
    opened.refresh_from_db()
    assert opened.ended_at == NOW
    with pytest.raises(BadMandate, match="Nobody could"):
        rights.withdraw(line_of(review, dsi), by=BY, account=None, reason="r", now=NOW)


@pytest.mark.parametrize("unconfirmed", ["tell", "withdraw"])
def test_silence_is_told_or_ends_but_never_the_last_dsi(rouen: Academy, unconfirmed: str) -> None:
    adopt(rouen, with_changes(policy_for(rouen), [f"rights.unconfirmed={unconfirmed}"]), **WHY)
    dsi, desk, gone = (someone(rouen, name) for name in ("Dsi", "Desk", "Gone"))
    charged(dsi, Office.DSI)
    charged(desk, Office.HELP_DESK)
    ending = charged(gone, Office.SECURITY)
    review = rights.start_review(rouen, by=BY, now=NOW)
    actions.end_mandate(ending, **WHY)
    letters = Dispatch.objects.filter(why="rights").count()
    assert rights.look_after_reviews(NOW + 19 * DAY) == 0
    for days, done in ((20, 1), (21, 0), (27, 1), (28, 0)):
        assert rights.look_after_reviews(NOW + days * DAY) == done, days
    assert Dispatch.objects.filter(why="rights").count() == letters + 2
    assert rights.look_after_reviews(NOW + 30 * DAY) == 1
    assert rights.look_after_reviews(NOW + 30 * DAY) == 0
    answers = {line.holder: line.answer for line in rights.lines_of(review)}
    desks = Answer.WITHDRAWN if unconfirmed == "withdraw" else Answer.NONE
    assert answers == {dsi: Answer.NONE, desk: desks, gone: Answer.GONE}
    held = set(Mandate.objects.filter(ended_at=None).values_list("account", flat=True))
    assert held == ({dsi.pk} if unconfirmed == "withdraw" else {dsi.pk, desk.pk})
    assert Dispatch.objects.filter(why="rights").count() == letters + 3


def test_a_review_begins_by_the_calendar(rouen: Academy) -> None:
    charged(someone(rouen, "Dsi"), Office.DSI)
    assert rights.look_after_reviews(NOW + 360 * DAY) == 0
    assert rights.look_after_reviews(NOW + 366 * DAY) == 1
    assert rights.look_after_reviews(NOW + 367 * DAY) == 0
    adopt(rouen, with_changes(policy_for(rouen), ["rights.review_months=0"]), **WHY)
    assert rights.look_after_reviews(NOW + 400 * DAY) == 1  # the open one ends
    assert rights.look_after_reviews(NOW + 4000 * DAY) == 0


def test_a_report_says_everything_and_nothing_twice(rouen: Academy) -> None:
    dsi, desk = someone(rouen, "Dsi"), someone(rouen, "Desk")
    charged(dsi, Office.DSI)
    charged(desk, Office.HELP_DESK)
    review = rights.start_review(rouen, by=BY, now=NOW)
    rights.confirm(line_of(review, desk), **person_of(dsi))
    rows = rights.rows(review)
    assert [set(row) for row in rows] == [set(rights.COLUMNS)] * 2
    (row,) = (row for row in rows if row["right"] == "help_desk")
    assert (row["name"], row["answer"], row["answered_by"]) == (
        "Alix Desk", "confirmed", f"account:{dsi.public_id}",
    )  # fmt: skip
    found = rights.summary(review)
    assert (found["lines"], found["confirmed"], found["none"]) == (2, 1, 1)


def test_a_loan_is_told_to_both_and_so_is_its_end(rouen: Academy) -> None:
    dsi, colleague = someone(rouen, "Dsi"), someone(rouen, "Colleague")
    row = charged(dsi, Office.DSI)
    mine = Dispatch.objects.filter(why="rights")
    by = Actor.account(dsi.public_id, "192.0.2.1")
    rights.lend(row, colleague, Loan(NOW + DAY), by=by, reason="congé", now=NOW)
    assert {one.account for one in mine} == {dsi, colleague}
    rights.end(row, by=BY, reason="départ", now=NOW)
    assert mine.all().count() == 4
    assert not Mandate.objects.filter(ended_at=None).exists()


def ask(app: typer.Typer, *words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


def test_the_command_line_lends_and_reviews(rouen: Academy, monod: School) -> None:
    someone(rouen, "Desk"), someone(rouen, "Colleague")
    desk, colleague = "alix.desk@ac-rouen.example", "alix.colleague@ac-rouen.example"
    (given,) = ask(mandate.app, "give", desk, "--office", "help_desk", "--department", "76", "--reason", "r")
    assert given["department"] == "76"
    soon = (timezone.localdate() + 5 * DAY).strftime("%d/%m/%Y")
    lend = ("lend", desk, colleague, "--office", "help_desk", "--reason", "congé", "--until")
    (lent,) = ask(mandate.app, *lend, soon, "--school", monod.uai)
    assert (lent["lentBy"], lent["school"], lent["address"]) == (desk, monod.uai, colleague)
    assert "bad_mandate" in ask(mandate.app, *lend, "31/12/2199", code=1)
    (started,) = ask(commands.app, "review", "start", "rouen")
    assert "already_there" in ask(commands.app, "review", "start", "rouen", code=1)
    number = str(started["id"])
    shown = ask(commands.app, "review", "show", number)
    first, second = (str(one["line"]) for one in shown["rights"])
    assert ask(commands.app, "review", "confirm", number, first)["answer"] == "confirmed"
    ask(commands.app, "review", "confirm", number, second, "--withdraw", code=1)
    taken = ask(commands.app, "review", "confirm", number, second, "--withdraw", "--reason", "parti")
    assert taken["answer"] == "withdrawn"
    assert [one["answer"] for one in ask(commands.app, "review", "export", number)["rights"]] == [
        "confirmed", "withdrawn",
    ]  # fmt: skip
    assert ask(commands.app, "review", "close", number)[0]["closedAt"]
    text = CliRunner().invoke(commands.app, ["review", "export", number]).stdout
    assert len(text.splitlines()) == 3
    assert "not_found" in ask(commands.app, "review", "show", "999999", code=1)
