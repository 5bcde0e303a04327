"""How far the engines are behind a run, told to whoever waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from feed_scene import NOW, SCHOOLS, academy, applied, looked_at, person

from casier.directory.models import Account
from casier.feed.progress import Mailboxes, mailboxes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


def test_mailboxes_made_of_how_many_and_how_long_it_takes() -> None:
    owner = academy()
    run = applied(owner, *SCHOOLS, *(person(f"P{n}", "Anne", f"Nom{chr(97 + n)}") for n in range(5)))
    assert mailboxes(run, NOW) == Mailboxes(5, 0, 0.0)
    assert mailboxes(run, NOW).minutes_left is None
    ids = list(Account.objects.values_list("pk", flat=True))
    Account.objects.filter(pk__in=ids[:3]).update(provisioned_at=NOW + timedelta(seconds=5))
    now = mailboxes(run, NOW + timedelta(seconds=30))
    assert (now.total, now.made, now.left, now.per_second) == (5, 3, 2, 0.1)
    assert now.minutes_left == 1
    Account.objects.update(provisioned_at=NOW)
    assert mailboxes(run, NOW + timedelta(hours=1)).left == 0


def test_a_run_that_is_only_looked_at_waits_for_none() -> None:
    owner = academy()
    applied(owner, *SCHOOLS, person("P1"))
    assert mailboxes(looked_at(owner, *SCHOOLS, person("P1")), NOW) == Mailboxes(0, 0, 0.0)


def test_a_run_without_newcomers_tells_of_no_mailboxes() -> None:
    owner = academy()
    applied(owner, *SCHOOLS, person("P1"))
    assert mailboxes(applied(owner, *SCHOOLS, person("P1")), NOW) == Mailboxes(0, 0, 0.0)
