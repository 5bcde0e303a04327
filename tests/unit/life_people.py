"""An academy with people in it, and days that pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.models import Academy, Account, Posting, PostingSource, School
from casier.kernel.uai import key_letter
from casier.policies.api import Policy, adopt, policy_for, shipped

ME = Actor.operator("test")
DAY = date(2026, 9, 1)
UAI = "0761234" + key_letter("0761234")
OTHER_UAI = "0761235" + key_letter("0761235")


def at(day: date) -> datetime:
    """Noon of that day."""
    return datetime.combine(day, time(12), UTC)


def why(day: date = DAY) -> dict[str, Any]:
    return {"by": ME, "reason": "test", "now": at(day)}


def an_academy(**leaving: Any) -> Academy:
    policy = shipped("rouen")
    policy = msgspec.structs.replace(policy, leaving=msgspec.structs.replace(policy.leaving, **leaving))
    new = actions.NewAcademy(
        "rouen", "Académie de Rouen", "#1a5fb4", ("ac-normandie.example", "ac-rouen.example"),
        ("rouen.localhost",), policy,
    )  # fmt: skip
    return actions.create_academy(new, **why())


def a_school(academy: Academy, uai: str = UAI) -> School:
    return actions.create_school(academy, actions.NewSchool(uai, f"Collège {uai}"), **why())


def a_person(
    academy: Academy, given: str = "Jean", family: str = "Martin", *, active: bool = True
) -> Account:
    account = actions.create_account(academy, actions.NewAccount(given, family), **why())
    return actions.activate(account, **why()) if active else account


def posted(account: Account, school: School, source: PostingSource = PostingSource.FEED) -> Posting:
    return Posting.objects.create(person=account.person, school=school, function="ENS", source=source)


def with_policy(academy: Academy, **sections: Any) -> Policy:
    """Put another policy in force: `leaving={"grace_days_max": 5}`."""
    policy = policy_for(academy)
    for name, values in sections.items():
        section = msgspec.structs.replace(getattr(policy, name), **values)
        policy = msgspec.structs.replace(policy, **{name: section})
    adopt(academy, policy, **why())
    return policy
