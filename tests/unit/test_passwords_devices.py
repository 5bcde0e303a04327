"""How programs are recognised, the picture that Thunderbird reads, until when passwords hold."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casier.directory.models import Account, Mandate, Office
from casier.identity.history import api as history
from casier.identity.models import User
from casier.identity.passwords.expiry import days_of, ends_at, give_notice, is_over
from casier.kernel.programs import Use, network_of, program_of
from casier.policies.api import adopt, policy_for
from casier.policies.policy import Password
from casier.portal.passwords.mobile import settings_of
from unit.identity_people import BY, PASSWORD, academy, person


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        ("DAVx5/4.3.3-ose (2023/02/09; dav4jvm; okhttp/4.10.0) Android/13", "DAVx5"),
        ("iOS/17.0 (21A329) dataaccessd/1.0", "iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.0", "Thunderbird"),
        ("Evolution/3.46.4", "Evolution"),
        ("curl/8.5", "curl"),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("A" * 4000 + "/1", ""),
    ],
)
def test_a_program_is_called_by_its_name(agent: str, program: str) -> None:
    assert program_of(agent) == program


@given(st.text(max_size=400))
def test_no_user_agent_breaks_it(agent: str) -> None:
    assert len(program_of(agent)) <= 80


def test_a_telephone_on_its_operators_network_is_the_same_program() -> None:
    def pair(address: str, protocol: str = "imap", program: str = "") -> str:
        return Use("1", address, protocol, program, 0).pair

    assert pair("192.0.2.7") == pair("192.0.200.9") == pair("192.0.2.7", "smtp")
    assert pair("192.0.2.7") != pair("203.0.113.9")
    assert pair("192.0.2.7") != pair("192.0.2.7", "dav")
    assert pair("192.0.2.7", "dav", "DAVx5") != pair("192.0.2.7", "dav", "curl")
    assert network_of("2001:db8:1::1") == network_of("2001:db8:2::1")
    assert network_of("nonsense") == "nonsense"


@given(st.text(max_size=50), st.text(max_size=50), st.integers(0, 2**40))
def test_a_use_is_read_as_it_was_written(address: str, program: str, at: int) -> None:
    use = Use("a" * 32, address, "dav", program, at)
    assert Use.loads(use.dumps()) == use


def test_the_settings_for_thunderbird_are_in_its_own_form() -> None:
    text = settings_of(
        "c@ac-rouen.fr", "Claire Lefèvre", "c@ac-rouen.fr", "h", {"imaps": 993, "smtps": 465}, "p"
    )
    version, sequence, incoming, outgoing = json.loads(text)
    assert (version, sequence) == (1, [1, 1])
    assert incoming == [0, "h", 993, 3, 1, "c@ac-rouen.fr", "c@ac-rouen.fr", "p"]
    assert outgoing == [[[0, "h", 465, 3, 1, "c@ac-rouen.fr", "p"], ["c@ac-rouen.fr", "Claire Lefèvre"]]]


@pytest.mark.parametrize(
    ("everyone", "charged", "holds", "days"),
    [(0, 0, True, 0), (0, 365, False, 0), (0, 365, True, 365), (90, 365, True, 90), (90, 0, True, 90)],
)
def test_who_acts_on_others_follows_the_stricter_rule(
    everyone: int, charged: int, holds: bool, days: int
) -> None:
    assert days_of(Password(expires_days=everyone, admin_expires_days=charged), holds_mandate=holds) == days


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    days: list[str] = []
    monkeypatch.setattr(history, "tell", lambda _who, _notice, facts, **_: days.append(facts.get("days", "")))
    return days


def aged(days: float, **policy: Any) -> tuple[Account, datetime]:
    owner = academy()
    account = person(owner, password=PASSWORD)
    now = policy_for(owner)
    changed = msgspec.structs.replace(now, password=msgspec.structs.replace(now.password, **policy))
    adopt(owner, changed, by=BY, reason="tests", now=timezone.now())
    at = timezone.now()
    Account.objects.update(state="active")
    User.objects.update(password_changed_at=at - timedelta(days=days))
    return account, at


@pytest.mark.django_db
def test_notice_is_given_once_at_each_of_the_days(told: list[str]) -> None:
    _, now = aged(0, expires_days=90)
    told.clear()
    for day in range(95):
        give_notice(now + timedelta(days=day, hours=1))
        give_notice(now + timedelta(days=day, hours=1))
    assert told == ["15", "7", "1"]


@pytest.mark.django_db
def test_who_is_told_late_is_told_the_nearest_day_alone(told: list[str]) -> None:
    _, now = aged(89.5, expires_days=90)
    told.clear()
    assert give_notice(now) == 1
    assert give_notice(now) == 0
    assert told == ["1"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [10, 91])
def test_no_notice_long_before_or_after(told: list[str], days: int) -> None:
    _, now = aged(days, expires_days=90)
    told.clear()
    assert give_notice(now) == 0


@pytest.mark.django_db
def test_no_notice_where_passwords_hold_for_good(told: list[str]) -> None:
    _, now = aged(364, expires_days=0)
    told.clear()
    assert give_notice(now) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "everyone", "charged", "holds", "over"),
    [
        (100, 90, 365, False, True),
        (80, 90, 365, False, False),
        (400, 0, 365, False, False),
        (400, 0, 365, True, True),
        (300, 0, 365, True, False),
        (9000, 0, 0, True, False),
    ],
)
def test_a_password_is_over_when_its_time_is(
    age: int, everyone: int, charged: int, holds: bool, over: bool
) -> None:
    account, now = aged(age, expires_days=everyone, admin_expires_days=charged)
    if holds:
        Mandate.objects.create(
            account=account, office=Office.HELP_DESK, academy=account.academy, starts_at=now
        )
    user = User.objects.get(account=account)
    assert is_over(user, now) is over
    assert is_over(user, now) == (ends_at(user, now) is not None and ends_at(user, now) <= now)
