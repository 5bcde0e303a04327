"""Keys of what browsers keep: to whom they are lent, for how long, and what makes a copy unreadable."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from casier.directory.models import Account
from casier.identity import sessions
from casier.mailbox.offline import actions
from casier.mailbox.offline.actions import MOST_COPIES, UNUSED, NothingKept, forget_key, lend_key
from casier.mailbox.offline.models import DeviceCopy
from engines.portal_scene import (
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
)
from unit.identity_people import PASSWORD, academy, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
COPY = uuid.UUID(int=7)


def ask(
    browser: Client, copy: object = COPY, method: str = "put", origin: str = ORIGIN
) -> tuple[int, dict[str, Any]]:
    answer = getattr(browser, method)(f"/api/offline/{copy}", headers={"Origin": origin}, secure=True)
    return answer.status_code, answer.json() if answer.content else {}


def test_the_key_outlives_the_session_and_is_its_owners_alone(claire: Account, browser: Client) -> None:
    sign_in(browser)
    status, first = ask(browser)
    assert (status, len(bytes.fromhex(first["key"])), first["days"], first["new"]) == (200, 32, 30, True)
    sessions.end_all(claire.public_id)
    assert ask(browser)[0] == 401
    sign_in(browser)
    assert ask(browser)[1] == {**first, "new": False}
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    theirs = ask(other)[1]
    assert theirs["new"]
    assert theirs["key"] != first["key"]
    ask(other, method="delete")
    assert ask(browser)[1] == {**first, "new": False}


def test_another_site_gets_no_key_and_forgets_none(claire: Account, browser: Client) -> None:
    sign_in(browser)
    ask(browser)
    for method in ("put", "delete"):
        status, told = ask(browser, method=method, origin="https://evil.example")
        assert (status, told["type"]) == (403, "wrong_origin")
    assert browser.get(f"/api/offline/{COPY}", secure=True).status_code == 405
    assert ask(browser, "no-copy")[0] == 404
    assert DeviceCopy.objects.count() == 1


def test_a_shared_computer_is_lent_nothing(claire: Account, browser: Client) -> None:
    sign_in(browser, poste_partage="on")
    status, told = ask(browser)
    assert (status, told["type"]) == (403, "nothing_kept")
    assert "partagé" in told["detail"]
    assert not DeviceCopy.objects.exists()


def test_an_academy_may_want_no_copies(claire: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from casier.policies.api import policy_for

    policy = policy_for(claire.academy)
    none = msgspec.structs.replace(policy, mail=msgspec.structs.replace(policy.mail, offline_days=0))
    monkeypatch.setattr(actions, "policy_for", lambda _: none)
    with pytest.raises(NothingKept):
        lend_key(claire, COPY, False, NOW)


def test_forgetting_makes_another_key(claire: Account) -> None:
    before = lend_key(claire, COPY, False, NOW).key.reveal()
    forget_key(claire, COPY)
    forget_key(claire, COPY)
    after = lend_key(claire, COPY, False, NOW)
    assert after.new
    assert after.key.reveal() != before


def test_copies_are_few_and_those_unused_for_long_go(claire: Account) -> None:
    for number in range(MOST_COPIES + 3):
        lend_key(claire, uuid.UUID(int=100 + number), False, NOW + timedelta(minutes=number))
    kept = set(claire.device_copies.values_list("copy", flat=True))
    assert kept == {uuid.UUID(int=103 + number) for number in range(MOST_COPIES)}
    other = person(academy("amiens", ("ac-amiens.fr",)), "Ali", "Benali")
    lend_key(other, COPY, False, NOW + UNUSED + timedelta(days=1))
    assert not claire.device_copies.exists()
