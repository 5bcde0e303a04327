"""What the tests of the guard share: another policy, guesses from many places, what a person was told."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone
from msgspec.structs import replace

from casier.directory.models import Account
from casier.identity.history.models import NoticeSent
from casier.policies.api import adopt, policy_for
from engines.portal_scene import HOST, sign_in
from unit.identity_people import BY


def change_policy(account: Account, **sections: dict[str, Any]) -> None:
    """Put a policy in force that differs by SECTIONS (`lock={"minutes": 0}`)."""
    policy = policy_for(account.academy)
    changed = {name: replace(getattr(policy, name), **fields) for name, fields in sections.items()}
    adopt(account.academy, replace(policy, **changed), by=BY, reason="tests", now=timezone.now())


def at(number: int) -> Client:
    """A browser in a place of its own."""
    headers = {"Host": HOST, "X-Real-IP": f"198.51.100.{number % 250 + 1}"}
    return Client(headers=headers, raise_request_exception=False)


def wrong_from(count: int, name: str, *, first: int = 0, browser: Client | None = None) -> set[int]:
    """COUNT different guesses at NAME, each from another place; or all from BROWSER. What was answered."""
    return {
        sign_in(browser or at(number), name, f"wrong-{number}").status_code
        for number in range(first, first + count)
    }


def notices(account: Account) -> list[str]:
    """What ACCOUNT's person was told, by name; the welcome apart."""
    told = NoticeSent.objects.filter(account=account).exclude(notice="activated").order_by("pk")
    return list(told.values_list("notice", flat=True))
