"""Attacks at the door, by the web as everybody comes: what the attacker gains, what the victim keeps."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.actors import Actor
from casier.audit.models import JournalEntry
from casier.directory.actions.people import NewAccount, create_account
from casier.directory.models import Account, Mandate, Office
from casier.identity import hashers, signin
from casier.identity.api import set_password
from casier.identity.guard import api as guard
from casier.identity.guard import lanes, waves
from casier.identity.guard.actions import forget_unused_devices
from casier.identity.guard.devices import COOKIE, Device, read, written
from casier.identity.guard.models import AttackWave, KnownDevice
from casier.identity.guard.room import ROOM, Rank
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from engines.factors_scene import ENROL, Authenticator, add_key, ask, enter_by
from engines.guard_scene import change_policy, notices, wrong_from
from engines.portal_scene import (
    HOST,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
)
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def out(browser: Client) -> None:
    browser.post("/deconnexion/", secure=True)


def test_who_knows_a_name_cannot_keep_its_owner_out(claire: Account, browser: Client) -> None:
    assert sign_in(browser).status_code == 302
    out(browser)
    assert wrong_from(40, "claire.lefevre") == {422, 429}
    assert sign_in(new_browser()).status_code == 429
    assert sign_in(browser).status_code == 302


def test_who_is_in_stays_in(claire: Account, browser: Client) -> None:
    sign_in(browser)
    wrong_from(40, "claire.lefevre")
    assert signed_in(browser)


@pytest.mark.parametrize("scope", ["lane", "account"])
def test_a_passkey_opens_while_passwords_are_locked(claire: Account, browser: Client, scope: str) -> None:
    ask(claire.academy)
    change_policy(claire, lock={"scope": scope, "minutes": 0})
    key = Authenticator()
    sign_in(browser)
    add_key(browser, ENROL, key)
    wrong_from(6, "claire.lefevre")
    assert sign_in(other_place(90)).status_code == 429
    assert enter_by(other_place(91), key).status_code == 302


def test_every_name_of_a_person_shares_one_count(claire: Account) -> None:
    names = ("claire.lefevre", "claire.lefevre@ac-rouen.fr", "CLAIRE.LEFEVRE@ac-normandie.fr")
    for number in range(5):
        wrong_from(1, names[number % 3], first=number)
    for number, name in enumerate(names):
        assert sign_in(other_place(50 + number), name).status_code == 429


def test_a_numen_shares_it_too(claire: Account) -> None:
    new = NewAccount("Ali", "Benali", numen=Secret("16E9912345ABC"))
    ali = create_account(claire.academy, new, by=BY, reason="tests", now=timezone.now())
    set_password(ali, Secret(PASSWORD), BY)
    for number in range(5):
        wrong_from(1, ("16E9912345ABC", "ali.benali")[number % 2], first=number)
    assert sign_in(other_place(50), "16e9912345abc").status_code == 429
    assert sign_in(other_place(51), "ali.benali").status_code == 429


def other_place(number: int) -> Client:
    return Client(headers={"Host": HOST, "X-Real-IP": f"198.51.100.{number}"}, raise_request_exception=False)


def page_of(answer: Any) -> str:
    text = re.sub(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", "R", answer.content.decode())
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'name="identifiant" value="[^"]*"', "", text)


@pytest.mark.parametrize("minutes", [15, 0])
def test_a_name_that_nobody_has_locks_in_just_the_same_way(claire: Account, minutes: int) -> None:
    change_policy(claire, lock={"minutes": minutes})
    answers: dict[str, list[tuple[int, str]]] = {}
    for name in ("claire.lefevre", "personne.inconnue"):
        for number in range(7):
            spelt = name if number % 2 else f"{name}@ac-rouen.fr"
            answer = sign_in(other_place(number + 1), spelt, f"wrong-{number}")
            answers.setdefault(name, []).append((answer.status_code, page_of(answer)))
    assert answers["claire.lefevre"] == answers["personne.inconnue"]
    assert [status for status, _page in answers["personne.inconnue"]] == [422] * 5 + [429] * 2


def test_a_locked_lane_looks_at_no_password(claire: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong_from(5, "claire.lefevre")
    looked: list[str] = []
    monkeypatch.setattr(hashers, "matches", lambda *_: looked.append("x") or (True, False))
    assert sign_in(other_place(60)).status_code == 429
    assert sign_in(other_place(61), "personne.inconnue", "x").status_code == 422 or looked
    assert len(looked) <= 1


def test_a_forged_cookie_opens_no_lane(claire: Account) -> None:
    forger = other_place(70)
    device = Device.new().with_account(claire.public_id, int(time.time()))
    for value in (written(device)[:-1] + "A", "a1.x.1.y.z", "é" * 40, written(device)):
        # The last one bears our signature, as if our key were known for one line: no row knows it.
        forger.cookies[COOKIE] = value
        wrong_from(5, "claire.lefevre", browser=forger)
    assert redis().keys("casier:guard:lane:*device*") == []
    assert sign_in(forger).status_code == 429


def test_a_cookie_of_somebody_else_is_no_lane_to_another_account(claire: Account, browser: Client) -> None:
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(browser, "ali.benali")
    out(browser)
    wrong_from(5, "claire.lefevre", browser=browser)
    assert redis().keys(f"casier:guard:lane:{claire.public_id}:device*") == []
    assert sign_in(other_place(71)).status_code == 429


def test_a_stolen_cookie_locks_its_own_lane_and_nothing_more(claire: Account, browser: Client) -> None:
    laptop = new_browser()
    sign_in(browser)
    sign_in(laptop)
    thief = other_place(72)
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert wrong_from(8, "claire.lefevre", browser=thief) == {422, 429}
    assert sign_in(laptop).status_code == 302
    assert sign_in(other_place(73)).status_code == 302


def test_an_old_copy_of_a_cookie_is_worth_nothing(claire: Account, browser: Client) -> None:
    sign_in(browser)
    copied = browser.cookies[COOKIE].value
    for _ in range(2):
        KnownDevice.objects.update(issued=int(time.time()) + 1, issued_before=0)
        row = KnownDevice.objects.get()
        row.issued_before, row.issued = row.issued, row.issued + 1
        row.save()
    thief = other_place(74)
    thief.cookies[COOKIE] = copied
    assert not guard_knows(thief, claire)


def guard_knows(browser: Client, account: Account) -> bool:
    from casier.identity.guard.knowing import recognised

    return bool(recognised(browser.cookies[COOKIE].value, account, time.time()))


def test_a_shared_computer_becomes_no_known_device(claire: Account, browser: Client) -> None:
    sign_in(browser, poste_partage="on")
    assert COOKIE not in browser.cookies
    assert not KnownDevice.objects.exists()


def test_the_cookie_is_a_host_cookie_and_is_renewed(claire: Account, browser: Client) -> None:
    sign_in(browser)
    cookie = browser.cookies[COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    first = read(cookie.value, int(time.time()))
    out(browser)
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(browser, "ali.benali")
    second = read(browser.cookies[COOKIE].value, int(time.time()))
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert len(second.tags) == 2


def test_forgotten_devices_are_strangers(claire: Account, browser: Client) -> None:
    sign_in(browser)
    out(browser)
    guard.forget_devices(claire)
    wrong_from(5, "claire.lefevre")
    assert sign_in(browser).status_code == 429


def test_devices_that_nobody_uses_are_forgotten(claire: Account, browser: Client) -> None:
    sign_in(browser)
    assert forget_unused_devices(timezone.now()) == 0
    assert forget_unused_devices(timezone.now() + timedelta(days=181)) == 1


def test_a_forwarded_address_of_the_client_s_own_counts_for_nothing(claire: Account) -> None:
    statuses = []
    for number in range(20):
        spoofer = Client(
            headers={"Host": HOST, "X-Real-IP": "198.51.100.9", "X-Forwarded-For": f"203.0.113.{number}"},
            raise_request_exception=False,
        )
        statuses.append(sign_in(spoofer, f"nobody.{number}", "x").status_code)
    assert statuses.count(422) in (15, 16, 17)
    assert statuses[-1] == 429


def test_where_somebody_was_wrong_one_waits_outside_while_there_is_no_room(
    claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is looked up for it; elsewhere people come in, and so does a device that was in before."""
    known = new_browser()
    assert sign_in(known).status_code == 302
    out(known)
    assert sign_in(new_browser(), password="wrong").status_code == 422
    monkeypatch.setattr(ROOM, "crowded", lambda rank: rank is Rank.RESTLESS)
    monkeypatch.setattr(signin, "find_account", lambda *_: pytest.fail("looked up"))
    assert sign_in(new_browser()).status_code == 503
    monkeypatch.undo()
    monkeypatch.setattr(ROOM, "crowded", lambda rank: rank is Rank.RESTLESS)
    assert sign_in(known).status_code == 302
    elsewhere = Client(headers={"Host": HOST, "X-Real-IP": "198.51.100.77"})
    assert sign_in(elsewhere).status_code == 302


def test_strict_shuts_every_device_out(claire: Account, browser: Client) -> None:
    change_policy(claire, lock={"scope": "account", "attempts": 3})
    sign_in(browser)
    out(browser)
    wrong_from(3, "claire.lefevre")
    assert sign_in(browser).status_code == 429


def test_without_minutes_an_unlock_is_needed_and_enough(claire: Account) -> None:
    change_policy(claire, lock={"minutes": 0, "attempts": 3})
    wrong_from(3, "claire.lefevre")
    page = sign_in(other_place(80))
    assert page.status_code == 429
    assert "/oubli/" in page.content.decode()
    assert "Retry-After" not in page
    guard.unlock(claire, by=BY, reason="seen in person")
    assert sign_in(other_place(80)).status_code == 302
    assert JournalEntry.objects.filter(action="identity.unlocked").count() == 1


def test_what_is_blocked_can_be_seen(claire: Account, browser: Client) -> None:
    assert guard.block_of(claire) is None
    sign_in(browser)
    out(browser)
    wrong_from(5, "claire.lefevre", first=1)
    wrong_from(5, "claire.lefevre", browser=browser)
    block = guard.block_of(claire)
    assert block is not None
    assert {lane.lane: lane.why for lane in block.lanes} == {"unknown": "passwords", "device": "passwords"}
    unknown = next(lane for lane in block.lanes if lane.lane == "unknown")
    assert unknown.until - unknown.since == 900
    assert "198.51.100.5" in unknown.sources
    assert [found.account for found in guard.active_blocks(claire.academy)] == [claire.public_id]
    guard.unlock(claire, by=Actor.account(claire.public_id), reason="code")
    assert guard.active_blocks(claire.academy) == []


def test_wrong_second_factors_lock_apart_whatever_the_device(claire: Account) -> None:
    now = int(time.time())
    waits = [guard.note_factor_failure(claire, "192.0.2.7", now) for _ in range(5)]
    assert waits == [0, 0, 0, 0, 900]
    assert guard.factor_wait(claire, now) == 900
    block = guard.block_of(claire)
    assert block is not None
    assert [(lane.lane, lane.why) for lane in block.lanes] == [("factor", "factors")]
    # Passwords have counts of their own.
    assert sign_in(new_browser()).status_code == 302
    guard.unlock(claire, by=BY, reason="tests")
    assert guard.factor_wait(claire, now) == 0
    guard.note_factor_failure(claire, "192.0.2.7", now)
    guard.clear_factor_failures(claire)
    assert [guard.note_factor_failure(claire, "192.0.2.7", now) for _ in range(4)] == [0] * 4


def test_people_are_told_of_a_lock_once(claire: Account, browser: Client) -> None:
    sign_in(browser)
    wrong_from(6, "claire.lefevre")
    wrong_from(6, "personne.inconnue")
    waves.look(time.time())
    waves.look(time.time())
    assert notices(claire).count("locked") == 1
    assert JournalEntry.objects.filter(action="identity.locked").count() == 1


def test_a_wave_is_a_row_an_alert_and_tighter_limits(claire: Account) -> None:
    officer = person(claire.academy, "Ève", "Sentinelle", PASSWORD)
    sign_in(new_browser(), "eve.sentinelle")
    Mandate.objects.create(
        account=officer, office=Office.SECURITY, academy=claire.academy, starts_at=timezone.now()
    )
    now = 1_800_000_000.0
    attack(now, 100)
    assert waves.look(now + 5) == 1
    assert waves.look(now + 10) == 1
    assert AttackWave.objects.count() == 1
    assert notices(officer).count("attack_wave") == 1
    assert redis().exists(lanes.wave_key("rouen"))
    attack(now + 60, 50)
    waves.look(now + 65)
    waves.look(now + 125)
    wave = guard.waves(claire.academy)[0]
    assert (wave.failures, wave.closed_at) == (150, None)
    assert 90 <= wave.sources <= 110
    assert waves.look(now + 15 * 60) == 0
    assert guard.waves(claire.academy)[0].closed_at is not None
    assert not redis().exists(lanes.wave_key("rouen"))
    assert notices(officer).count("attack_wave") == 1


def attack(now: float, guesses: int) -> None:
    limits = lanes.Limits(5, 15)
    for number in range(guesses):
        attempt = lanes.Try(f"{number:032x}", "rouen", "unknown", f"198.51.100.{number}", "guess")
        verdict = lanes.reserve(redis(), attempt, limits, now)
        lanes.fail(redis(), attempt, limits, verdict, now)


def test_a_morning_of_mistakes_is_no_wave(claire: Account) -> None:
    now = 1_800_000_000.0
    attack(now, 100)
    for number in range(40):
        attempt = lanes.Try(f"{number:032x}", "rouen", "device:x", "192.0.2.1", "right", pays=False)
        lanes.succeed(redis(), attempt, now)
    assert waves.look(now + 5) == 0
