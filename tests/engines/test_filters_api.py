"""`/api/filters`: what is kept, what is refused, addresses that must be proved; real Redis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory.models import Account
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.errors import Unavailable
from casier.mailbox.filters import actions, addresses, sieve
from casier.mailbox.filters.models import RedirectAddress
from casier.mailbox.filters.renewing import TOPIC, ask_where_outdated, renew
from casier.mailbox.filters.store import Changed, Script, ScriptRefused, Shelf
from casier.policies.api import adopt, policy_for
from engines.portal_scene import (
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
)
from unit.identity_people import BY, PASSWORD, academy, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
HOME = "claire@famille.example"
STAR = {"star": True}


class Store:
    """The scripts of one mailbox, in memory."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.failing: Exception | None = None

    def read(self) -> Shelf:
        if isinstance(self.failing, Unavailable):
            raise self.failing
        state = "|".join(f"{script.name}:{len(script.text)}:{script.active}" for script in self.scripts)
        return Shelf(state, tuple(self.scripts))

    def write(self, text: str, before: Shelf, *, activate: bool = True) -> None:
        if self.failing:
            raise self.failing
        if before.state != self.read().state:
            raise Changed
        if activate:
            self.put("casier", text)
        else:
            others = [script for script in self.scripts if script.name != "casier"]
            self.scripts = [*others, Script("casier", "casier", False, f"G{len(text)}", text)]

    def put(self, name: str, text: str, active: bool = True) -> None:
        others = [script for script in self.scripts if script.name != name]
        quiet = [replace(script, active=False) if active else script for script in others]
        self.scripts = [*quiet, Script(name, name, active, f"G{len(text)}", text)]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    stores: dict[str, Store] = {}
    monkeypatch.setattr(actions, "script_store", lambda person: stores.setdefault(person, Store()))
    return stores.setdefault("claire.lefevre@ac-rouen.fr", Store())


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Addresses and codes that were sent there."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(addresses, "send_code", lambda _account, to, code: sent.append((to, code)))
    return sent


@pytest.fixture
def owner(claire: Account, browser: Client, store: Store) -> Client:
    assert claire.mailbox_key == "claire.lefevre@ac-rouen.fr"
    sign_in(browser)
    return browser


def rule(**changes: Any) -> dict[str, Any]:
    condition = {"field": "subject", "how": "words", "value": "réunion"}
    values = {"kind": "rule", "id": "r1", "name": "Réunions", "conditions": [condition], "actions": STAR}
    return {**values, **changes}


def redirecting(*targets: str, **more: Any) -> dict[str, Any]:
    return rule(actions={"redirect": list(targets)}, **more)


def put(who: Client, *items: dict[str, Any], state: str | None = None, **absence: Any) -> Any:
    if state is None:
        state = who.get("/api/filters", secure=True).json()["state"]
    body = {"state": state, "items": list(items), "absence": absence}
    return who.put("/api/filters", body, "application/json", headers={"Origin": ORIGIN}, secure=True)


def post(who: Client, path: str, body: dict[str, str]) -> Any:
    headers = {"Origin": ORIGIN}
    return who.post(f"/api/filters/{path}", body, "application/json", headers=headers, secure=True)


def allow(account: Account, **rules: Any) -> None:
    policy = policy_for(account.academy)
    changed = msgspec.structs.replace(policy, rules=msgspec.structs.replace(policy.rules, **rules))
    adopt(account.academy, changed, by=BY, reason="tests", now=timezone.now())


def test_rules_are_kept_as_one_script_and_come_back(owner: Client, store: Store) -> None:
    first = owner.get("/api/filters", secure=True).json()
    assert (first["items"], first["active"], first["others"]) == ([], False, [])
    answer = put(owner, rule(), rule(id="r2", on=False), on=True, inside="En stage.", end="2026-12-24")
    assert answer.status_code == 200
    found = owner.get("/api/filters", secure=True).json()
    assert [item["id"] for item in found["items"]] == ["r1", "r2"]
    assert found["active"]
    assert found["absence"]["inside"] == "En stage."
    assert "En stage." in store.scripts[0].text
    me = owner.get("/api/me", secure=True).json()
    assert me["settings"]["absence"] == {"on": True, "start": None, "end": "2026-12-24"}
    assert JournalEntry.objects.filter(action="rules.saved").count() == 1


def test_another_window_s_rules_are_not_written_over(owner: Client) -> None:
    old = owner.get("/api/filters", secure=True).json()["state"]
    assert put(owner, rule()).status_code == 200
    answer = put(owner, rule(name="Autre"), state=old)
    assert (answer.status_code, answer.json()["type"]) == (409, "rules_changed")
    (kept,) = owner.get("/api/filters", secure=True).json()["items"]
    assert kept["name"] == "Réunions"


def test_scripts_of_others_go_on_and_are_only_shown(owner: Client, store: Store) -> None:
    store.put("telephone", 'require "imap4flags"; addflag "$telephone";')
    found = owner.get("/api/filters", secure=True).json()
    assert [(one["name"], one["active"]) for one in found["others"]] == [("telephone", True)]
    assert put(owner, rule()).status_code == 200
    kinds = [item["kind"] for item in owner.get("/api/filters", secure=True).json()["items"]]
    assert kinds == ["rule", "script"]  # what ran until now is included
    for item in ({"kind": "foreign", "text": "discard;"}, {"kind": "script", "name": "inconnu"}):
        answer = put(owner, item)
        assert (answer.status_code, answer.json()["type"]) == (422, "bad_rules")


def test_an_upgrade_writes_rules_anew_and_nothing_else(
    owner: Client, store: Store, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = rule(conditions=[{"field": "from", "how": "words", "value": "lefevre"}])
    with monkeypatch.context() as earlier:
        earlier.setattr(sieve, "spellings", lambda word, _most: [word])
        put(owner, names)
    (before,) = store.scripts
    assert "lefèvre" not in before.text
    assert renew(claire, store)
    assert "lefèvre" in store.scripts[0].text
    assert store.scripts[0].active
    assert not renew(claire, store)

    # What another program wrote into it stays; what isn't active stays so.
    store.put("casier", before.text + "\nkeep;\n", active=False)
    store.put("autre", "keep;\n")
    assert renew(claire, store)
    (ours,) = (script for script in store.scripts if script.name == "casier")
    assert ("lefèvre" in ours.text, ours.text.rstrip().endswith("keep;"), ours.active) == (True, True, False)
    store.scripts = []
    assert not renew(claire, store)


def test_an_upgrade_asks_once_for_everyone_who_has_rules(owner: Client) -> None:
    assert owner.get("/api/filters", secure=True).status_code == 200
    assert ask_where_outdated() == 1
    assert OutboxEvent.objects.filter(topic=TOPIC).count() == 1
    assert ask_where_outdated() == 0


def test_names_with_accents_are_read_as_they_were_given(owner: Client, store: Store) -> None:
    """The store keeps them as in a header; what includes them must say them so."""
    store.put("=?UTF-8?Q?R=C3=A8gles_d=E2=80=99=C3=A9t=C3=A9?=", "keep;")
    store.put("=?inconnu?X?zz?=", "keep;", active=False)
    others = {one["name"]: one["title"] for one in owner.get("/api/filters", secure=True).json()["others"]}
    assert others["=?UTF-8?Q?R=C3=A8gles_d=E2=80=99=C3=A9t=C3=A9?="] == "Règles d’été"
    assert others["=?inconnu?X?zz?="] == "=?inconnu?X?zz?="
    assert put(owner, rule()).status_code == 200
    text = next(script.text for script in store.scripts if script.name == "casier")
    assert 'include :personal :optional "=?UTF-8?Q?R=C3=A8gles' in text


@pytest.mark.parametrize(
    "item",
    [
        rule(conditions=[]),
        rule(actions={}),
        rule(actions={"reply": "  "}),
        rule(conditions=[{"field": "size", "how": "over", "value": "beaucoup"}]),
        rule(conditions=[{"field": "subject", "how": "over", "value": "3"}]),
        rule(conditions=[{"field": "subject", "how": "words", "value": "a\nb"}]),
        rule(actions={"labels": ['x"; discard; "']}),
        rule(actions={"folder": {"id": "../x", "name": "x"}}),
        rule(actions={"redirect": ["a@b.fr>\r\nRCPT TO:<c@d.fr"]}),
        rule(surprise=True),
        {"kind": "autre"},
    ],
)
def test_what_says_nothing_that_could_be_done_is_refused(owner: Client, store: Store, item: Any) -> None:
    answer = put(owner, item)
    assert (answer.status_code, answer.json()["type"]) == (422, "bad_rules")
    assert store.scripts == []


def test_what_is_no_json_or_too_much_of_it_is_refused(owner: Client, store: Store) -> None:
    headers = {"Origin": ORIGIN}
    for body in (b"", b"[", b"\xff", b"[]", b'{"state":"","items":[],"absence":{}' + b" " * 1_000_001 + b"}"):
        answer = owner.put("/api/filters", body, "application/json", headers=headers, secure=True)
        assert (answer.status_code, answer.json()["type"]) == (422, "bad_rules"), body[:20]
    long = [rule(id=f"r{at}", actions={"reply": "x" * 9_000}) for at in range(30)]
    answer = put(owner, *long)
    assert (answer.status_code, answer.json()["type"]) == (422, "rules_too_long")
    assert store.scripts == []


def test_the_store_may_refuse_or_be_away(owner: Client, store: Store) -> None:
    store.failing = ScriptRefused(kind="invalidSieve")
    answer = put(owner, rule())
    assert (answer.status_code, answer.json()["type"]) == (422, "script_refused")
    store.failing = Unavailable("cyrus")
    assert owner.get("/api/filters", secure=True).status_code == 503
    assert put(owner, rule(), state="").status_code == 503


def test_nobody_else_reads_or_writes_them(owner: Client, claire: Account) -> None:
    assert put(owner, rule()).status_code == 200
    assert new_browser().get("/api/filters", secure=True).status_code == 401
    headers = {"Origin": "https://ailleurs.example"}
    body = {"state": "", "items": [], "absence": {}}
    answer = owner.put("/api/filters", body, "application/json", headers=headers, secure=True)
    assert answer.status_code == 403
    ali = new_browser()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(ali, "ali.benali")
    assert ali.get("/api/filters", secure=True).json()["items"] == []


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def test_redirects_go_where_the_academy_lets_them(owner: Client, claire: Account) -> None:
    person(claire.academy, "Ali", "Benali")
    elsewhere = academy("nancy-metz", ("ac-nancy-metz.fr",))
    person(elsewhere, "Zoé", "Schmitt")
    allow(claire, redirect="verified", redirect_addresses=2)
    assert put(owner, redirecting("ali.benali@ac-rouen.fr")).status_code == 200
    assert refused(put(owner, redirecting(HOME))) == (403, "redirect_refused")
    assert refused(put(owner, redirecting("zoe.schmitt@ac-nancy-metz.fr"))) == (403, "redirect_refused")
    assert refused(put(owner, redirecting("srs0=x=y=z=a@ac-rouen.fr"))) == (403, "redirect_refused")
    assert refused(put(owner, redirecting("personne@ac-rouen.fr"))) == (422, "redirect_to_nobody")
    stand_in = {"name": "", "email": HOME, "passOn": True}
    assert refused(put(owner, on=True, inside="Absente.", standIn=stand_in)) == (403, "redirect_refused")
    assert put(owner, redirecting(HOME, on=False)).status_code == 200  # switched off, it goes nowhere
    three = redirecting("a@ac-rouen.fr", "b@ac-rouen.fr", "c@ac-rouen.fr")
    assert refused(put(owner, three)) == (403, "too_many_redirects")
    allow(claire, redirect="none")
    assert refused(put(owner, redirecting("ali.benali@ac-rouen.fr"))) == (403, "redirect_refused")
    allow(claire, redirect="anywhere")
    assert put(owner, redirecting(HOME)).status_code == 200


def proved(claire: Account) -> list[str]:
    return sorted(str(one) for one in redis().smembers(published.verified_key(claire.mailbox_key)))


def test_an_address_elsewhere_is_proved_by_a_code_and_forgotten_at_once(
    owner: Client, claire: Account, letters: list[tuple[str, str]]
) -> None:
    allow(claire, redirect="verified")
    assert post(owner, "addresses", {"address": HOME.upper()}).status_code == 202
    ((to, code),) = letters
    assert to == HOME
    assert refused(post(owner, "addresses", {"address": HOME})) == (429, "code_too_soon")
    assert proved(claire) == []
    wrong = "000000" if code != "000000" else "111111"
    assert refused(post(owner, "addresses/proof", {"address": HOME, "code": wrong})) == (422, "wrong_code")
    answer = post(owner, "addresses/proof", {"address": HOME, "code": f" {code} "})
    assert answer.json()["redirects"]["addresses"] == [{"address": HOME, "verified": True}]
    assert proved(claire) == [HOME]
    assert code not in str(list(JournalEntry.objects.values()))
    assert put(owner, redirecting(HOME)).status_code == 200
    headers = {"Origin": ORIGIN}
    assert (
        owner.delete(f"/api/filters/addresses?address={HOME}", headers=headers, secure=True).status_code
        == 200
    )
    assert proved(claire) == []
    assert refused(put(owner, redirecting(HOME, name="Encore"))) == (403, "redirect_refused")


def test_codes_are_tried_five_times_for_half_an_hour_by_their_owner(
    owner: Client, claire: Account, letters: list[tuple[str, str]]
) -> None:
    allow(claire, redirect="verified")

    def code_for(address: str) -> str:
        assert post(owner, "addresses", {"address": address}).status_code == 202
        return letters[-1][1]

    def proof(who: Client, address: str, code: str) -> int:
        return int(post(who, "addresses/proof", {"address": address, "code": code}).status_code)

    code = code_for("un@famille.example")
    for _ in range(addresses.MAX_TRIES):
        assert proof(owner, "un@famille.example", "faux") == 422
    assert proof(owner, "un@famille.example", code) == 422
    late = code_for("deux@famille.example")
    RedirectAddress.objects.update(asked_at=timezone.now() - addresses.VALID - timedelta(seconds=1))
    assert proof(owner, "deux@famille.example", late) == 422
    mine = code_for("trois@famille.example")
    ali = new_browser()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(ali, "ali.benali")
    assert proof(ali, "trois@famille.example", mine) == 422
    assert proof(owner, "deux@famille.example", mine) == 422
    assert proved(claire) == []


def test_codes_go_to_addresses_elsewhere_only_and_not_to_many(
    owner: Client, claire: Account, letters: list[tuple[str, str]]
) -> None:
    allow(claire, redirect="verified")
    assert refused(post(owner, "addresses", {"address": "ali@ac-rouen.fr"})) == (403, "redirect_refused")
    for bad in ("", "x", "a b@c.fr", "a@b@c.fr", "<a@b.fr>", "a" * 250 + "@b.fr"):
        assert post(owner, "addresses", {"address": bad}).status_code == 400, bad
    for at in range(addresses.MAX_ADDRESSES):
        assert post(owner, "addresses", {"address": f"{at}@famille.example"}).status_code == 202
    assert refused(post(owner, "addresses", {"address": "onze@famille.example"})) == (429, "code_too_soon")
    assert len(letters) == addresses.MAX_ADDRESSES
    allow(claire, redirect="academy")
    assert refused(post(owner, "addresses", {"address": HOME})) == (403, "redirect_refused")


def test_an_address_whose_code_could_not_be_sent_can_be_asked_again(
    owner: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(claire, redirect="verified")

    def away(*_: object) -> None:
        raise Unavailable("postfix")

    monkeypatch.setattr(addresses, "send_code", away)
    assert post(owner, "addresses", {"address": HOME}).status_code == 503
    RedirectAddress.objects.update(asked_at=timezone.now() - addresses.BETWEEN)
    sent: list[str] = []
    monkeypatch.setattr(addresses, "send_code", lambda _account, to, _code: sent.append(to))
    assert post(owner, "addresses", {"address": HOME}).status_code == 202
    assert sent == [HOME]


def test_mail_goes_elsewhere_only_after_a_fresh_proof(
    owner: Client, claire: Account, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(claire, redirect="anywhere")
    assert put(owner, redirecting("here@famille.example")).status_code == 200
    monkeypatch.setattr("casier.portal.factors.stepping.is_fresh", lambda _: False)
    answer = put(owner, redirecting(HOME))
    assert refused(answer) == (428, "step_up")
    assert answer["Location"] == "/compte/confirmer/"
    assert answer.json()["reference"].startswith("R-")
    assert HOME not in store.scripts[0].text
    # what goes there already, and what goes nowhere, asks nothing
    assert put(owner, redirecting("here@famille.example", name="Autrement")).status_code == 200
    assert put(owner, redirecting(HOME, on=False)).status_code == 200
    stand_in = {"name": "", "email": HOME, "passOn": True}
    assert refused(put(owner, on=True, inside="Absente.", standIn=stand_in)) == (428, "step_up")
