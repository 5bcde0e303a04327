"""The demonstration as it lies in a running instance."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys.jmap import Jmap
from journeys.running import RunningInstance
from journeys.webmail import signed_in

pytestmark = pytest.mark.journey


def jmap(instance: RunningInstance, row: dict[str, Any]) -> Jmap:
    return Jmap(
        instance, row["address"], row["mailboxKey"], instance.app_password(row["address"], "démonstration")
    )


def test_the_accounts_are_told_with_all_that_one_needs(instance: RunningInstance) -> None:
    instance.demo()
    assert len(instance.accounts) == 20
    assert Counter(row["academy"] for row in instance.accounts) == {
        "normandie": 9, "rouen": 4, "nancy-metz": 4, "amiens": 3,
    }  # fmt: skip
    fields = {"name", "academy", "address", "signInName", "password", "mailboxKey", "role", "web"}
    assert all(fields <= set(row) and all(row[field] for field in fields) for row in instance.accounts)
    assert sum(row["mailboxKey"] != row["address"] for row in instance.accounts) == 1


def test_loading_it_again_adds_nothing(instance: RunningInstance) -> None:
    assert "déjà là" in instance.casier("demo", "load")


@pytest.mark.parametrize("name", ["Claire Lefèvre", "Élodie Vasseur"])
def test_a_mailbox_is_full_of_conversations(instance: RunningInstance, name: str) -> None:
    who = jmap(instance, instance.demo(name=name))
    boxes = {box["role"]: box for box in who.call(("Mailbox/get", {"ids": None}))[0]["list"] if box["role"]}
    assert boxes["inbox"]["totalEmails"] > boxes["inbox"]["totalThreads"] > 20
    assert boxes["sent"]["totalEmails"] > 10
    query, got = who.call(
        (
            "Email/query",
            {"filter": {"inMailbox": boxes["inbox"]["id"]}, "collapseThreads": True, "limit": 50},
        ),
        (
            "Email/get",
            {"#ids": {"resultOf": "0", "name": "Email/query", "path": "/ids"}, "properties": ["threadId"]},
        ),
    )
    threads = [email["threadId"] for email in got["list"]]
    (found,) = who.call(("Thread/get", {"ids": threads}))
    assert max(len(thread["emailIds"]) for thread in found["list"]) > 2
    assert len(query["ids"]) > 20


@pytest.mark.parametrize("academy", ["normandie", "rouen", "nancy-metz", "amiens"])
def test_each_academy_greets_by_its_name(instance: RunningInstance, academy: str) -> None:
    host = {"Host": f"{academy}.localhost:{instance.port(Port.WEB)}"}
    page = httpx.get(f"{instance.web_url()}/connexion/", headers=host, verify=instance.tls)
    assert page.status_code == 200
    names = {"normandie": "Normandie", "rouen": "Rouen", "nancy-metz": "Nancy-Metz", "amiens": "Amiens"}
    assert "cadémie d" in page.text
    assert names[academy] in page.text


def test_an_academy_hears_of_its_it_department_and_of_a_service(
    instance: RunningInstance, chromium: Any
) -> None:
    context = chromium.new_context(locale="fr-FR", ignore_https_errors=True)
    with context:
        page = signed_in(context, instance, "karim.haddad@ac-rouen.fr")
        expect(page.get_by_text("l’application de gestion des absences sera en maintenance")).to_be_visible()
        page.get_by_role("button", name=re.compile("Notifications")).click()
        expect(page.get_by_text("Réservation de salles")).to_be_visible()
        expect(page.get_by_text(re.compile("Salle polyvalente.: votre demande est acceptée"))).to_be_visible()
