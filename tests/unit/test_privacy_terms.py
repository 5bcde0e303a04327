"""The times that an academy sets: within their bounds, for itself alone, and told in the register."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from life_people import DAY, a_person, an_academy, at, why, with_policy

from casier.directory import actions
from casier.directory.models import Academy, Mandate, Office
from casier.identity.activation.models import CorrectionRequest
from casier.identity.history.keeping import forget_old_history
from casier.identity.history.models import Refusal, SignIn
from casier.life.models import Departure, Hold
from casier.policies.api import BadPolicy, Policy, policy_for, with_changes
from casier.privacy import nightly
from casier.privacy.keeping import erasers
from casier.privacy.keeping.kind import Ends
from casier.privacy.keeping.table import KINDS, kind_named
from casier.privacy.registering import line_of

SETTABLE = [kind for kind in KINDS if kind.setting.startswith("retention.")]


@pytest.fixture
def academy(db: None) -> Academy:
    return an_academy()


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


def on(days: int) -> datetime:
    return at(DAY + timedelta(days=days))


def elsewhere() -> Academy:
    new = actions.NewAcademy(
        "amiens", "Académie d’Amiens", "#1a5fb4", ("ac-amiens.example",), ("amiens.localhost",), Policy()
    )
    return actions.create_academy(new, **why())


def test_each_field_has_kinds_and_both_bounds() -> None:
    fields = {f"retention.{name}" for name in Policy().retention.__struct_fields__}
    assert {kind.setting for kind in SETTABLE} == fields
    for kind in SETTABLE:
        bounds = kind.bounds()
        assert bounds is not None, kind.code
        least, most = bounds
        assert 0 < least < most <= 1095
        assert least <= kind.days(Policy()) <= most  # type: ignore[operator]


@pytest.mark.parametrize("kind", SETTABLE, ids=lambda kind: kind.code)
def test_beyond_its_bounds_nothing_is_taken(kind: Any) -> None:
    least, most = kind.bounds()
    for days in (least, most):
        assert kind.days(with_changes(Policy(), [f"{kind.setting}={days}"])) == days
    for days in (0, least - 1, most + 1):
        with pytest.raises(BadPolicy):
            with_changes(Policy(), [f"{kind.setting}={days}"])


@pytest.mark.django_db
def test_an_academys_time_is_its_own(academy: Academy) -> None:
    with_policy(academy, retention={"logs_days": 180, "requests_days": 90})
    ours, theirs = a_person(academy), a_person(elsewhere(), "Anne")
    for account in (ours, theirs):
        SignIn.objects.create(account=account, result="opened", at=at(DAY), last_at=at(DAY))
        CorrectionRequest.objects.create(
            account=account, reference=account.public_id[:8], created_at=at(DAY), settled_at=at(DAY)
        )
    Refusal.objects.create(reference="R-2222-2222", why="not_allowed", at=at(DAY), last_at=at(DAY))
    nightly.erase_now(on(181))
    assert list(SignIn.objects.values_list("account", flat=True)) == [theirs.pk]
    assert list(CorrectionRequest.objects.values_list("account", flat=True)) == [theirs.pk]
    assert Refusal.objects.exists()  # of no academy: as long as by a policy that says nothing
    forget_old_history(on(366))
    assert not SignIn.objects.exists()
    assert not Refusal.objects.exists()


@pytest.mark.django_db
def test_offices_go_by_the_policy_and_living_ones_never(academy: Academy) -> None:
    with_policy(academy, retention={"control_days": 365})
    jean = a_person(academy)
    for ended in (at(DAY), None):
        Mandate.objects.create(
            account=jean, office=Office.DPO, academy=academy, starts_at=at(DAY), ended_at=ended
        )
    assert (erasers.erase_mandates(on(364)), erasers.erase_mandates(on(366))) == (0, 1)
    assert Mandate.objects.get().ended_at is None


@pytest.mark.django_db
def test_a_hold_goes_on_counting_while_somebody_is_leaving(academy: Academy) -> None:
    with_policy(academy, retention={"holds_days": 30}, idle_account={"deactivate_days": 0})
    jean, anne = a_person(academy), a_person(academy, "Anne")
    for account in (jean, anne):
        Hold.objects.create(
            account=account, kind="medical", starts_on=DAY, by="t", reason="grippe", lifted_on=DAY
        )
    Departure.objects.create(account=jean, **leaving(DAY))
    nightly.erase_now(on(31))
    hold = Hold.objects.get()
    assert (hold.account_id, hold.reason, hold.lifted_on) == (jean.pk, "", DAY)


@pytest.mark.django_db
def test_a_hold_goes_on_counting_for_an_account_that_nobody_uses(academy: Academy) -> None:
    with_policy(academy, retention={"holds_days": 30}, idle_account={"deactivate_days": 200})
    facts = {"kind": "medical", "starts_on": DAY, "by": "t", "reason": "grippe", "lifted_on": DAY}
    Hold.objects.create(account=a_person(academy), **facts)
    nightly.erase_now(on(31))
    assert (Hold.objects.get().reason, Hold.objects.get().lifted_on) == ("", DAY)
    nightly.erase_now(on(201))
    assert not Hold.objects.exists()


def leaving(day: date) -> dict[str, Any]:
    return {"began_on": day, "last_day": day, "closes_on": day + timedelta(days=30), "by": "t"}


@pytest.mark.django_db
def test_the_table_says_where_each_time_comes_from(academy: Academy) -> None:
    with_policy(academy, retention={"logs_days": 200})
    policy = policy_for(academy)
    logs = line_of(kind_named("sign_ins"), policy, 0)
    assert (logs.time, logs.firm) == ("200 jours", "")
    assert logs.set_by == "fixé par la politique de l’académie, de 180 à 365 jours"
    certificate = line_of(kind_named("certificate"), policy, 1)
    assert certificate.set_by == "set by the law"
    assert certificate.firm
    assert all(line_of(kind, policy, 0).firm for kind in KINDS if kind.ends is Ends.FIXED)
