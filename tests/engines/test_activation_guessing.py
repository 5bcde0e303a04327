"""Guessing at activation: every refusal looks and costs the same, and tries come to an end."""

from __future__ import annotations

import json
import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casier.audit.models import JournalEntry
from casier.directory.actions.accounts import activate, suspend
from casier.directory.models import Academy, Account
from casier.identity.activation import limits, proving
from casier.identity.activation.api import invite
from casier.identity.activation.finishing import finish
from casier.identity.redis_link import redis
from casier.kernel.errors import Unavailable
from casier.kernel.secret import Secret
from engines.activation_scene import BORN, NUMEN, at, newcomer, post, rouen, show, theo
from engines.portal_scene import emptied, redis_server
from unit.identity_people import BY, academy

__all__ = ["emptied", "redis_server", "rouen", "theo"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def bare(answer: Any) -> str:
    """A page without what differs each time."""
    text = re.sub(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", "R", answer.content.decode())
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)


def headers(answer: Any) -> dict[str, str]:
    return {name: re.sub(r"\d+", "0", value) for name, value in answer.headers.items()}


# the same answer, the same work


def told_apart(owner: Academy) -> dict[str, Any]:
    """What a stranger gets for every kind of account that doesn't open."""
    now, tries = timezone.now(), {}
    people = {name: f"76E00000{place:02}ABC" for place, name in enumerate(("active", "suspended", "late"), 1)}
    accounts = {name: newcomer(owner, numen, f"Nom{name}") for name, numen in people.items()}
    activate(accounts["active"], by=BY, reason="tests", now=now)
    suspend(accounts["suspended"], by=BY, reason="tests", now=now)
    Account.objects.filter(pk=accounts["late"].pk).update(created_at=now - timedelta(days=40))
    elsewhere = newcomer(academy("amiens", ("ac-amiens.fr",)), "80E0000009ABC", "Ailleurs")
    assert elsewhere
    for name, numen in people.items():
        tries[name] = (numen, BORN, f"Nom{name}")
    tries |= {
        "wrong day": (NUMEN, date(1987, 3, 15), "Lefèvre"),
        "wrong name": (NUMEN, BORN, "Lefort"),
        "unknown": ("76E9999999ZZZ", BORN, "Lefèvre"),
        "elsewhere": ("80E0000009ABC", BORN, "Ailleurs"),
    }
    return tries


def test_nobody_learns_from_the_answer_who_waits(rouen: Academy, theo: Account) -> None:
    answers = [show(at("rouen"), *one) for one in told_apart(rouen).values()]
    assert {answer.status_code for answer in answers} == {422}
    assert len({bare(answer) for answer in answers}) == 1
    assert len({json.dumps(headers(answer), sort_keys=True) for answer in answers}) == 1


def test_nobody_learns_it_from_the_work_either(rouen: Academy, theo: Account) -> None:
    """The work is compared, not the clock: a busy machine would decide otherwise."""
    counts, took = {}, {}
    for name, (numen, born, family) in told_apart(rouen).items():
        shown = proving.Shown(rouen, "192.0.2.9", Secret(numen), born, family)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            assert proving.prove(shown, time.time()) == proving.NotProved()
        took[name] = time.perf_counter() - began
        counts[name] = [query["sql"].split(" ")[0] for query in captured]
    assert len({tuple(queries) for queries in counts.values()}) == 1, counts
    assert JournalEntry.objects.filter(action="identity.activation_refused").count() == len(counts)
    assert max(took.values()) < 5, took


def test_the_same_for_a_code(rouen: Academy) -> None:
    normandie = academy("normandie", ("ac-caen.fr",))
    now, waiting = timezone.now(), {}
    for place, name in enumerate(("active", "suspended", "late")):
        account = newcomer(normandie, f"14E00000{place:02}ABC", f"Nom{name}")
        made = invite(account, by=BY, reason="tests", now=now - timedelta(days=40 if name == "late" else 0))
        waiting[name] = made.secret
        if name == "active":
            finish(account, by=BY, now=now)
        if name == "suspended":
            suspend(account, by=BY, reason="tests", now=now)
    waiting["unknown"] = Secret("222222222222")
    answers, queries = [], set()
    for code in waiting.values():
        assert code
        with CaptureQueriesContext(connection) as captured:
            shown = proving.Shown(normandie, "192.0.2.9", code=code)
            assert proving.prove(shown, time.time()) == proving.NotProved()
        queries.add(tuple(query["sql"].split(" ")[0] for query in captured))
        answers.append(post(at("normandie"), "/activation/", code=code.reveal()))
    assert len(queries) == 1
    assert len({bare(answer) for answer in answers}) == 1


def test_after_a_refusal_the_first_question_leads_on(theo: Account) -> None:
    browser = at("rouen")
    refused = show(browser, name="Lefort")
    assert 'action="/activation/"' in refused.content.decode()
    assert 'name="numen"' in refused.content.decode()
    assert show(browser).status_code == 302


# guessing


def test_who_knows_a_numen_does_not_guess_the_birth_date(rouen: Academy, theo: Account) -> None:
    """A month of guessing from a thousand places, one try whenever it is allowed: some forty, of 16 000
    days.
    """
    now, end, tries, place = 1_000_000.0, 1_000_000.0 + 30 * 86400, 0, 0
    while now < end:
        place += 1
        shown = proving.Shown(
            rouen, f"198.51.{place % 250}.{place // 250}", Secret(NUMEN), date(1950, 1, 1), "Lefèvre"
        )
        outcome = proving.prove(shown, now)
        if isinstance(outcome, proving.Later):
            now += outcome.seconds
        else:
            tries += 1
    assert tries < 60


def test_the_wait_is_the_same_for_a_numen_that_nobody_has(rouen: Academy, theo: Account) -> None:
    waits: list[list[int]] = []
    for numen in (NUMEN, "76E9999999ZZZ"):
        shown = proving.Shown(rouen, f"192.0.2.{len(waits)}", Secret(numen), date(1950, 1, 1), "X")
        outcomes = [proving.prove(shown, 1000.0) for _ in range(7)]
        waits.append([getattr(outcome, "seconds", 0) for outcome in outcomes])
    assert waits[0] == waits[1]
    assert waits[0][-1] > 0


def test_tries_beyond_the_limit_are_not_looked_at(rouen: Academy, theo: Account) -> None:
    for _ in range(5):
        assert show(at("rouen"), name="Lefort").status_code == 422
    late = show(at("rouen"))
    assert late.status_code == 429
    assert "Patientez" in late.content.decode()
    assert int(late["Retry-After"]) > 0


def test_an_invitation_gives_its_owner_the_tries_back(rouen: Academy, theo: Account) -> None:
    for _ in range(6):
        show(at("rouen"), name="Lefort")
    invite(theo, by=BY, reason="tests", now=timezone.now())
    assert show(at("rouen")).status_code == 302


def test_one_place_does_not_walk_through_many_numens(rouen: Academy) -> None:
    outcomes = [
        proving.prove(proving.Shown(rouen, "192.0.2.9", Secret(f"76E{n:07}ABC"), BORN, "X"), 5000.0)
        for n in range(60)
    ]
    looked_at = sum(outcome == proving.NotProved() for outcome in outcomes)
    assert looked_at == limits.FREE_OF_SOURCE


def test_in_a_wave_each_place_has_few_tries_and_an_honest_one_passes(rouen: Academy, theo: Account) -> None:
    for n in range(limits.ALARM):
        proving.prove(proving.Shown(rouen, f"198.51.100.{n}", Secret(f"76E{n:07}ABC"), BORN, "X"), 5000.0)
    outcomes = [
        proving.prove(proving.Shown(rouen, "192.0.2.9", Secret(f"77E{n:07}ABC"), BORN, "X"), 5000.0)
        for n in range(20)
    ]
    assert sum(outcome == proving.NotProved() for outcome in outcomes) == limits.FREE_OF_SOURCE_IN_ALARM
    right = proving.Shown(rouen, "192.0.2.77", Secret(NUMEN), BORN, "Lefèvre")
    assert proving.prove(right, 5000.0) == proving.Proved(theo)


def test_without_redis_nothing_is_refused(
    rouen: Academy, theo: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> int:
        raise ConnectionError

    monkeypatch.setattr(limits, "reserve", down)
    shown = proving.Shown(rouen, "192.0.2.9", Secret(NUMEN), BORN, "Lefèvre")
    with pytest.raises(Unavailable):
        proving.prove(shown, time.time())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4000)), max_size=40))
def test_no_order_of_tries_gets_more_looks_than_the_limit(steps: list[tuple[bool, int]]) -> None:
    """Whatever the waits between wrong tries, within a week no more are looked at than free ones and the
    delays in between allow; a right one starts the count again.
    """
    redis().flushdb()
    now, wrong, until = 1_000_000.0, 0, 0.0
    attempt = limits.Attempt("i", "192.0.2.1", "a")
    for right, pause in steps:
        now += pause
        wait = limits.reserve(redis(), attempt, now, 5)
        assert (wait > 0) == (until > now)
        if wait:
            continue
        if right:
            limits.succeed(redis(), attempt)
            wrong, until = 0, 0.0
            continue
        wrong += 1
        if wrong >= 5:
            until = now + min(limits.FIRST_DELAY * 2 ** (wrong - 5), limits.LONGEST_OF_PERSON)
