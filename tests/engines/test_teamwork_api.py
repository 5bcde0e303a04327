"""`/api/delegations` and `/api/teamwork`: who may ask what, with a real Redis and Django's own client."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account, Delegation, Role
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import PASSWORD, academy, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
BOX = "viesco@ac-rouen.fr"


@pytest.fixture
def ali(claire: Account) -> tuple[Account, Client]:
    account = person(claire.academy, "Ali", "Benali", PASSWORD)
    client = new_browser()
    sign_in(client, "ali.benali")
    return account, client


def ask(client: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    headers = {"Origin": ORIGIN, **more}
    return client.generic(
        method, path, "" if body is None else json.dumps(body), "application/json",
        secure=True, headers=headers,
    )  # fmt: skip


def opening(to: str, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    ends = (now + timedelta(days=7)).isoformat()
    return {"to": to, "right": "read", "startsAt": now.isoformat(), "endsAt": ends, **more}


def test_one_opens_ones_own_mailbox_and_both_may_end_it(
    claire: Account, browser: Client, ali: tuple[Account, Client]
) -> None:
    sign_in(browser)
    made = ask(browser, "POST", "/api/delegations", opening("ali.benali@ac-rouen.fr")).json()
    (row,) = made["given"]
    assert (row["name"], row["right"], made["rights"]) == (
        "Ali Benali",
        "read",
        ["read", "organise", "behalf"],
    )
    held = ask(ali[1], "GET", "/api/delegations").json()["held"]
    assert [one["id"] for one in held] == [row["id"]]
    me = ask(ali[1], "GET", "/api/me").json()
    assert [(one["kind"], one["mailboxKey"], one["writes"]) for one in me["shared"]] == [
        ("delegated", claire.mailbox_key, False)
    ]
    assert ask(browser, "GET", "/api/me").json()["lends"] is True
    stranger = new_browser()
    person(claire.academy, "Zoe", "Autre", PASSWORD)
    sign_in(stranger, "zoe.autre")
    for path in (row["id"], f"{row['id']}/used", "nimporte"):
        method = "POST" if path.endswith("used") else "DELETE"
        assert ask(stranger, method, f"/api/delegations/{path}", {}).status_code == 404
    assert ask(ali[1], "POST", f"/api/delegations/{row['id']}/used", {}).status_code == 204
    assert ask(ali[1], "DELETE", f"/api/delegations/{row['id']}", {}).json()["held"] == []
    ended = Delegation.objects.get()
    assert ended.last_used_at is not None
    assert ended.ended_at is not None
    assert JournalEntry.objects.get(action="delegation.ended").actor == f"account:{ali[0].public_id}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (opening("claire.lefevre@ac-rouen.fr"), 422),
        (opening("personne@ac-rouen.fr"), 422),
        (opening("zoe.ailleurs@ac-amiens.fr"), 422),
        (opening("ali.benali@ac-rouen.fr", right="as"), 403),
        (opening("ali.benali@ac-rouen.fr", right="tout"), 400),
        (opening("ali.benali@ac-rouen.fr", endsAt="2020-01-01T00:00:00Z"), 422),
        (opening("ali.benali@ac-rouen.fr", endsAt="2026-12-31T00:00:00"), 422),
        (opening("ali.benali@ac-rouen.fr", folders=["../x"]), 422),
        (opening("ali.benali@ac-rouen.fr", owner="x"), 400),
    ],
)
def test_what_may_not_be_is_refused(
    claire: Account, browser: Client, ali: tuple[Account, Client], body: dict[str, Any], status: int
) -> None:
    person(academy("amiens", ("ac-amiens.fr",)), "Zoé", "Ailleurs")
    sign_in(browser)
    answer = ask(browser, "POST", "/api/delegations", body)
    assert answer.status_code == status, answer.content
    assert not Delegation.objects.exists()


def test_another_site_opens_nothing(claire: Account, browser: Client, ali: tuple[Account, Client]) -> None:
    body = opening("ali.benali@ac-rouen.fr")
    assert ask(browser, "POST", "/api/delegations", body).status_code == 401
    sign_in(browser)
    assert (
        ask(browser, "POST", "/api/delegations", body, Origin="https://ailleurs.example").status_code == 403
    )
    assert not Delegation.objects.exists()


def test_only_its_members_know_of_a_mailbox(
    claire: Account, browser: Client, ali: tuple[Account, Client]
) -> None:
    lend_mailbox(claire.academy, claire, Role.READ)
    sign_in(browser)
    team = ask(browser, "GET", f"/api/teamwork?mailbox={BOX}").json()
    assert ([one["name"] for one in team["members"]], team["mayWork"]) == (["Claire Lefèvre"], False)
    for client in (ali[1],):
        assert ask(client, "GET", f"/api/teamwork?mailbox={BOX}").status_code == 403
        writing = {"mailbox": BOX, "email": "M1", "on": True}
        assert ask(client, "POST", "/api/teamwork/writing", writing).status_code == 403
        assert ask(client, "GET", f"/api/teamwork?mailbox={claire.mailbox_key}").status_code == 403
    # Who may only read says nothing about the work.
    for path, body in (
        ("/api/teamwork", {"mailbox": BOX, "emails": ["M1"], "handled": True}),
        ("/api/teamwork/writing", {"mailbox": BOX, "email": "M1", "on": True}),
    ):
        assert ask(browser, "POST", path, body).status_code == 403
    bad = {"mailbox": BOX, "email": "../M1 x", "on": True}
    assert ask(browser, "POST", "/api/teamwork/writing", bad).status_code == 400


def test_who_writes_is_seen_by_the_others_until_they_stop(
    claire: Account, browser: Client, ali: tuple[Account, Client]
) -> None:
    from casier.audit.api import Actor
    from casier.directory.actions import set_member
    from casier.directory.models import FunctionalMailbox

    lend_mailbox(claire.academy, claire, Role.ANSWER)
    box = FunctionalMailbox.objects.get()
    set_member(box, ali[0], Role.ANSWER, by=Actor.system("t"), reason="t", now=timezone.now())
    sign_in(browser)
    said = {"mailbox": BOX, "email": "M1", "on": True}
    assert ask(browser, "POST", "/api/teamwork/writing", said).status_code == 204
    (seen,) = ask(ali[1], "GET", f"/api/teamwork?mailbox={BOX}").json()["writing"]
    assert (seen["email"], seen["name"]) == ("M1", "Claire Lefèvre")
    assert ask(browser, "POST", "/api/teamwork/writing", said | {"on": False}).status_code == 204
    assert ask(ali[1], "GET", f"/api/teamwork?mailbox={BOX}").json()["writing"] == []
