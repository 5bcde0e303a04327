"""What somebody else would try on the way back in: each attack meets its defence."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casier.directory.models import Account
from casier.identity.api import set_password
from casier.identity.entry.road import Entry, Proof, Purpose
from casier.identity.factors.actions import enrol_telephone
from casier.identity.means.api import CodePurpose, reaches
from casier.identity.recovery import letter_code, letters, links, tickets
from casier.identity.recovery.models import Letter, RecoveryLink
from casier.identity.recovery.tickets import Asker
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from engines.factors_scene import SHOW, code_of, enrolled
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from engines.recovery_scene import (
    BACKUP,
    NEW,
    Outside,
    ask,
    choose_password,
    desk,
    outside,
    post,
    reachable,
    rules,
)
from unit.identity_people import BY

__all__ = ["browser", "claire", "emptied", "outside", "reachable", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
ADDRESS = ("12 rue des Tilleuls", "76000 ROUEN")
NOBODY = "jeanne.personne"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connection.close()


def from_elsewhere(number: int) -> Client:
    headers = {"Host": "rouen.localhost:8443", "X-Real-IP": f"198.51.{number // 250}.{number % 250}"}
    return Client(headers=headers, raise_request_exception=False)


def as_seen(answer: Any) -> tuple[int, str, dict[str, str]]:
    """An answer as an attacker sees it, without what differs at each look."""
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|R-\w{4}-\w{4}', "", text)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, text, headers


@pytest.mark.parametrize("way", ["lien", "sms", "courriel", "lettre", "assistance"])
def test_an_unknown_name_looks_like_a_known_one(reachable: Account, outside: Outside, way: str) -> None:
    seen = []
    for number, name in enumerate(("claire.lefevre", NOBODY)):
        visitor = from_elsewhere(number)
        steps = [post(visitor, "/oubli/", identifiant=name), visitor.get("/oubli/moyen/", secure=True)]
        sent = post(visitor, "/oubli/moyen/", moyen=way)
        steps += [sent, visitor.get(sent.headers["Location"], secure=True)]
        if way in {"sms", "courriel"}:
            outside.work()
            steps.append(post(visitor, "/oubli/code/", code="12345678"))
        seen.append([as_seen(answer) for answer in steps])
    assert seen[0] == seen[1]


def test_the_page_does_the_same_work_for_every_name(reachable: Account) -> None:
    """Nothing is looked up before the answer: the same questions to the database, none about the name."""
    asked = []
    ask(from_elsewhere(7), "courriel", "autre.personne")  # what the process itself remembers
    for number, name in enumerate(("claire.lefevre", NOBODY)):
        visitor = from_elsewhere(number)
        with CaptureQueriesContext(connection) as queries:
            ask(visitor, "courriel", name)
            post(visitor, "/oubli/code/", code="12345678")
        asked.append([re.sub(r"'[^']*'|\b\d+\b", "", one["sql"]) for one in queries.captured_queries])
        assert not any("directory_address" in one for one in asked[-1])
    assert asked[0] == asked[1]


def test_nothing_is_written_to_anyone_for_a_name_that_nobody_has(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    for way in ("lien", "courriel", "sms", "lettre"):
        ask(browser, way, NOBODY)
    outside.work()
    assert outside.post.mails == []
    assert outside.telephones.sent == []
    assert not Letter.objects.exists()


def test_what_was_typed_is_in_redis_for_nobody_to_read(browser: Client, reachable: Account) -> None:
    ask(browser, "lien", "12E3456789ABC")
    stored = redis()
    for key in stored.keys("*"):
        dumped = stored.dump(key) or ""
        assert "12E3456789ABC" not in str(dumped), key


def test_a_link_opens_once(browser: Client, reachable: Account, outside: Outside) -> None:
    ask(browser, "lien")
    outside.work()
    path = outside.link()
    assert post(browser, path).status_code == 302
    assert post(new_browser(), path).status_code == 410
    assert post(new_browser(), path[:-5] + "AAAA/").status_code == 410


def test_of_two_who_hold_a_link_one_gets_in(reachable: Account) -> None:
    address = links.make_link(reachable, "", timezone.now()).reveal()
    token = address.rstrip("/").rpartition("/")[2]

    def use(_number: int) -> bool:
        try:
            return links.use_link(token, "192.0.2.7", timezone.now()) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_a_link_dies_with_the_next_one_with_a_new_password_and_with_time(
    reachable: Account, outside: Outside
) -> None:
    now = timezone.now()

    def fresh() -> str:
        return links.make_link(reachable, "", timezone.now()).reveal().rstrip("/").rpartition("/")[2]

    older, newer = fresh(), fresh()
    assert links.use_link(older, "", now) is None
    set_password(reachable, Secret("chataigne-Bleue-71-vent"), BY)
    assert links.use_link(newer, "", timezone.now()) is None
    last = fresh()
    RecoveryLink.objects.update(expires_at=now - timedelta(seconds=1))
    assert links.use_link(last, "", timezone.now()) is None


def test_a_suspended_account_is_not_opened_by_a_link(reachable: Account) -> None:
    token = links.make_link(reachable, "", timezone.now()).reveal().rstrip("/").rpartition("/")[2]
    Account.objects.filter(pk=reachable.pk).update(state="suspended")
    assert post(new_browser(), f"/oubli/lien/{token}/").status_code == 410


def test_the_database_knows_no_token(reachable: Account) -> None:
    token = links.make_link(reachable, "", timezone.now()).reveal().rstrip("/").rpartition("/")[2]
    row = RecoveryLink.objects.values().get()
    assert token not in str(row)
    assert len(token) >= 43  # 256 bits


def test_the_host_of_a_request_is_in_no_link(reachable: Account, outside: Outside) -> None:
    visitor = Client(headers={"Host": "attaquant.example", "X-Real-IP": "192.0.2.66"})
    post(visitor, "/oubli/", identifiant="claire.lefevre@ac-rouen.fr")
    post(visitor, "/oubli/moyen/", moyen="lien")
    outside.work()
    assert outside.mails(BACKUP)
    assert all("attaquant" not in text for text in outside.mails(BACKUP))
    assert any("https://rouen.localhost" in text for text in outside.mails(BACKUP))


def test_a_code_is_not_guessed(reachable: Account, outside: Outside) -> None:
    """Every try from another address, all in the session that asked for it."""
    visitor = from_elsewhere(1)
    ask(visitor, "sms")
    outside.work()
    code = outside.code()
    for number in range(8):
        wrong = f"{(int(code) + 1 + number) % 10 ** len(code):0{len(code)}d}"
        assert post(visitor, "/oubli/code/", code=wrong).status_code == 422
    assert post(visitor, "/oubli/code/", code=code).status_code == 422


def test_a_code_is_worth_nothing_in_another_session_or_for_another_purpose(
    reachable: Account, outside: Outside
) -> None:
    mine, theirs = from_elsewhere(1), from_elsewhere(2)
    ask(mine, "sms")
    outside.work()
    code = outside.code()
    ask(theirs, "sms", NOBODY)
    assert post(theirs, "/oubli/code/", code=code).status_code == 422
    post(theirs, "/depannage/", identifiant="claire.lefevre")
    assert post(theirs, "/depannage/code/", code=code).headers.get("Location") == "/depannage/"


def test_one_place_does_not_ask_without_end(reachable: Account) -> None:
    visitor = from_elsewhere(3)
    answers = []
    for _ in range(tickets.MOST_FROM_ONE_SOURCE + 1):
        post(visitor, "/oubli/", identifiant="claire.lefevre")
        answers.append(post(visitor, "/oubli/moyen/", moyen="lien").status_code)
    assert set(answers[:-1]) == {302}
    assert answers[-1] == 429


def test_a_thousand_places_make_no_flood_of_mails(reachable: Account, outside: Outside) -> None:
    names = ("claire.lefevre", "claire.lefevre@ac-rouen.fr", "claire.lefevre@ac-normandie.fr")
    for number in range(60):
        ask(from_elsewhere(number), ("lien", "courriel")[number % 2], names[number % 3])
        outside.work()
    links_sent = [text for text in outside.mails(BACKUP) if "/oubli/lien/" in text]
    assert 1 <= len(links_sent) <= 4
    assert len(outside.mails(BACKUP)) <= 12


def test_recovery_is_no_way_round_the_second_factor() -> None:
    """A telephone that took the password's place proves nothing beside it; another factor does."""
    entry = Entry("0" * 32, Purpose.RECOVERY, 0, (Proof.PHONE_CODE,))
    for same in (Proof.SMS, Proof.VOICE, Proof.TRUSTED_DEVICE):
        assert not entry.proved(same).second_factor_shown
    for other in (Proof.TOTP, Proof.PASSKEY, Proof.RECOVERY_CODE, Proof.SECURITY_KEY):
        assert entry.proved(other).second_factor_shown
    by_mail = Entry("0" * 32, Purpose.RECOVERY, 0, (Proof.MAIL_CODE,))
    assert by_mail.proved(Proof.SMS).second_factor_shown


def test_a_trusted_device_with_the_backup_mailbox_in_it_is_not_enough(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    rules(reachable.academy, second_factor={"requirement": "required", "trusted_days": 30})
    secret = enrolled(reachable)
    sign_in(browser)
    post(browser, SHOW, code=code_of(secret), confiance="on", faire_confiance="on", appareil="on")
    assert signed_in(browser)
    post(browser, "/deconnexion/")
    ask(browser, "lien")
    outside.work()
    assert post(browser, outside.link()).headers["Location"] == SHOW
    assert browser.get(SHOW, secure=True).status_code == 200
    assert not signed_in(browser)


def test_the_telephone_that_was_used_is_not_offered_again(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    rules(reachable.academy, second_factor={"requirement": "required"})
    secret = enrolled(reachable)
    enrol_telephone(reachable, reaches(reachable, ("sms",))[0], BY, timezone.now())
    ask(browser, "sms")
    outside.work()
    assert post(browser, "/oubli/code/", code=outside.code()).headers["Location"] == SHOW
    assert "SMS" not in browser.get(SHOW, secure=True).content.decode()
    post(browser, SHOW, code=code_of(secret))
    choose_password(browser)
    assert signed_in(browser)


def test_nothing_opens_between_the_proof_and_the_new_password(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    ask(browser, "lien")
    outside.work()
    post(browser, outside.link())
    assert not signed_in(browser)
    for page in ("/compte/", "/courrier/", "/connexion/secours/", "/activation/memo/"):
        browser.get(page, secure=True)
    assert not signed_in(browser)


def test_a_cookie_from_before_the_proof_is_worth_nothing(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    ask(browser, "lien")
    outside.work()
    before = browser.cookies["__Host-casier"].value
    post(browser, outside.link())
    assert browser.cookies["__Host-casier"].value != before
    choose_password(browser, NEW)
    thief = new_browser()
    thief.cookies["__Host-casier"] = before
    assert not signed_in(thief)


def test_the_code_of_a_letter_is_not_guessed(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    letter = letters.ask_letter(reachable, denis, "perdu", address=ADDRESS)
    letters.print_letters([letter.id.hex], denis)
    visitor = from_elsewhere(9)
    answers = [
        post(visitor, "/oubli/lettre/", identifiant="claire.lefevre", code=letter_code.draw().reveal())
        for _ in range(tickets.MOST_FROM_ONE_SOURCE + 2)
    ]
    assert {answer.status_code for answer in answers[:-2]} == {422}
    assert answers[-1].status_code == 429
    known, unknown = (
        as_seen(
            post(from_elsewhere(20), "/oubli/lettre/", identifiant=name, code=letter_code.draw().reveal())
        )
        for name in ("claire.lefevre", NOBODY)
    )
    assert known[0] == unknown[0] == 422
    assert re.sub('value="[^"]*"', "", known[1]) == re.sub('value="[^"]*"', "", unknown[1])


def test_a_letter_printed_again_makes_the_first_print_worthless(
    reachable: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, denis = desk(reachable.academy)
    codes = [letter_code.draw(), letter_code.draw()]
    drawn = iter(codes)
    monkeypatch.setattr(letters.letter_code, "draw", lambda: next(drawn))
    letter = letters.ask_letter(reachable, denis, "perdu", address=ADDRESS)
    letters.print_letters([letter.id.hex], denis)
    letters.print_letters([letter.id.hex], denis)
    assert letters.use_letter(reachable, codes[0], "") is None
    assert letters.use_letter(reachable, codes[1], "") is not None


def test_a_queue_that_is_down_is_not_a_no(
    browser: Client, reachable: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casier.kernel.errors import Unavailable

    def down(*_: object) -> bool:
        raise Unavailable("redis")

    post(browser, "/oubli/", identifiant="claire.lefevre")
    monkeypatch.setattr(tickets, "ask", down)
    assert post(browser, "/oubli/moyen/", moyen="lien").status_code == 503


def test_a_code_for_recovery_is_checked_where_nothing_was_sent(reachable: Account) -> None:
    asker = Asker("claire.lefevre", reachable.academy, "192.0.2.1")
    ticket = tickets.new_ticket()
    assert tickets.proved_by(ticket, "12345678", CodePurpose.RECOVERY, asker, time.time()) is None
