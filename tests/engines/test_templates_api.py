"""`/api/writing/templates`: whose templates one sees and changes, with a real Redis and Django's client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.actions.mailboxes import set_member
from casier.directory.models import Account, FunctionalMailbox, Membership, Role
from casier.mailbox.writing import templates
from casier.mailbox.writing.models import Template
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PATH = "/api/writing/templates"
WRITTEN = {"name": "Absence", "subject": "Votre enfant", "html": "<p>Bonjour</p>"}


@pytest.fixture
def ali(claire: Account) -> tuple[Account, Client]:
    account = person(claire.academy, "Ali", "Benali", PASSWORD)
    client = new_browser()
    sign_in(client, "ali.benali")
    return account, client


@pytest.fixture
def box(claire: Account, browser: Client) -> FunctionalMailbox:
    """Claire may write as it."""
    lend_mailbox(claire.academy, claire, Role.ANSWER)
    sign_in(browser)
    return FunctionalMailbox.objects.get(name="Vie scolaire")


def ask(client: Client, method: str, path: str, body: Any = None) -> Any:
    return client.generic(
        method, path, "" if body is None else json.dumps(body), "application/json",
        secure=True, headers={"Origin": ORIGIN},
    )  # fmt: skip


def join(box: FunctionalMailbox, account: Account, role: Role) -> None:
    set_member(box, account, role, by=BY, reason="tests", now=timezone.now())


def kept(client: Client, box: FunctionalMailbox) -> str:
    answer = ask(client, "POST", PATH, {**WRITTEN, "mailbox": box.mailbox_key})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def seen(client: Client) -> list[tuple[str, str, bool]]:
    """Name, mailbox, and whether it may be changed."""
    rows = ask(client, "GET", PATH).json()
    return [(row["name"], (row["mailbox"] or {}).get("name", ""), row["mine"]) for row in rows]


def test_members_share_the_templates_of_their_mailbox(
    browser: Client, ali: tuple[Account, Client], box: FunctionalMailbox
) -> None:
    one = kept(browser, box)
    assert seen(browser) == [("Absence", "Vie scolaire", True)]
    join(box, ali[0], Role.ANSWER)
    assert seen(ali[1]) == [("Absence", "Vie scolaire", True)]
    changed = ask(ali[1], "PUT", f"{PATH}/{one}", {**WRITTEN, "name": "Retard"})
    assert (changed.status_code, changed.json()["mailbox"]) == (
        200,
        {"key": box.mailbox_key, "name": "Vie scolaire"},
    )
    assert seen(browser) == [("Retard", "Vie scolaire", True)]
    assert ask(ali[1], "DELETE", f"{PATH}/{one}").status_code == 204
    assert seen(browser) == []
    told = JournalEntry.objects.filter(target=f"functional:{box.pk.hex}", action__startswith="template.")
    assert [entry.action for entry in told.order_by("id")] == [
        "template.saved",
        "template.saved",
        "template.deleted",
    ]


def test_a_stranger_neither_sees_nor_changes_them(
    browser: Client, ali: tuple[Account, Client], box: FunctionalMailbox
) -> None:
    one = kept(browser, box)
    assert seen(ali[1]) == []
    refused = ask(ali[1], "POST", PATH, {**WRITTEN, "mailbox": box.mailbox_key})
    assert (refused.status_code, refused.json()["type"]) == (403, "mailbox_not_open")
    for method, body in (("PUT", {**WRITTEN, "html": "<p>Piège</p>"}), ("DELETE", None)):
        refused = ask(ali[1], method, f"{PATH}/{one}", body)
        assert (refused.status_code, refused.json()["type"]) == (404, "not_found")
    assert Template.objects.get().html == "<p>Bonjour</p>"


def test_who_only_reads_the_mailbox_changes_nothing(
    browser: Client, ali: tuple[Account, Client], box: FunctionalMailbox
) -> None:
    one = kept(browser, box)
    join(box, ali[0], Role.READ)
    assert seen(ali[1]) == [("Absence", "Vie scolaire", False)]
    for method, path, body in (
        ("POST", PATH, {**WRITTEN, "name": "Autre", "mailbox": box.mailbox_key}),
        ("PUT", f"{PATH}/{one}", {**WRITTEN, "name": "Autre"}),
        ("DELETE", f"{PATH}/{one}", None),
    ):
        refused = ask(ali[1], method, path, body)
        assert (refused.status_code, refused.json()["type"]) == (403, "may_only_read")
    assert Template.objects.get().name == "Absence"


def test_rights_end_with_the_membership_and_with_the_mailbox(
    claire: Account, browser: Client, box: FunctionalMailbox
) -> None:
    one = kept(browser, box)
    FunctionalMailbox.objects.update(is_closed=True)
    assert seen(browser) == []
    assert ask(browser, "PUT", f"{PATH}/{one}", WRITTEN).status_code == 404
    assert ask(browser, "POST", PATH, {**WRITTEN, "mailbox": box.mailbox_key}).status_code == 403
    FunctionalMailbox.objects.update(is_closed=False)
    Membership.objects.filter(account=claire).delete()
    assert seen(browser) == []
    assert ask(browser, "DELETE", f"{PATH}/{one}").status_code == 404


def test_a_template_stays_where_it_is(
    claire: Account, browser: Client, ali: tuple[Account, Client], box: FunctionalMailbox
) -> None:
    own = ask(browser, "POST", PATH, WRITTEN).json()
    assert (own["mailbox"], own["mine"]) == (None, True)
    # Neither given away nor taken: the mailbox is said once, when it is made.
    given = ask(browser, "PUT", f"{PATH}/{own['id']}", {**WRITTEN, "mailbox": box.mailbox_key})
    assert given.status_code == 400
    assert Template.objects.get().mailbox is None
    assert ask(ali[1], "PUT", f"{PATH}/{own['id']}", WRITTEN).status_code == 404
    # One's own mailbox, and a colleague's, are no functional ones.
    for key in (claire.mailbox_key, ali[0].mailbox_key, "../x"):
        assert ask(browser, "POST", PATH, {**WRITTEN, "mailbox": key}).status_code == 403
    templates.save_shared(claire.academy, templates.Written("Note", "", "<p>Oui</p>"), BY, "essai")
    theirs = Template.objects.get(name="Note").id.hex
    assert ask(browser, "PUT", f"{PATH}/{theirs}", WRITTEN).status_code == 404
    assert seen(browser) == [("Absence", "", True), ("Note", "", False)]


def test_a_name_is_one_template_s_in_each_place(browser: Client, box: FunctionalMailbox) -> None:
    kept(browser, box)
    assert ask(browser, "POST", PATH, WRITTEN).status_code == 201
    again = ask(browser, "POST", PATH, {**WRITTEN, "mailbox": box.mailbox_key})
    assert (again.status_code, again.json()["type"]) == (422, "template_refused")
    assert [mailbox for _, mailbox, _ in seen(browser)] == ["", "Vie scolaire"]
    assert Template.objects.count() == 2
