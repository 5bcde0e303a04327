"""The lane that sends: at once, by the next gateway, again or not again, and what it leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.directory.models import Account, PersonKey
from casier.identity.dispatch import demo_telephone
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.api import (
    Fate,
    Letter,
    call,
    can_text,
    dispatched,
    fate_of,
    put_into_mailbox,
    write_mail,
    write_sms,
)
from casier.identity.dispatch.gateways import chosen
from casier.identity.dispatch.gateways.outcome import Message, NotTaken, Outcome, Refused, Unsure
from casier.identity.dispatch.models import Dispatch, KeptMessage
from casier.identity.dispatch.post import RefusedForGood
from casier.identity.redis_link import redis
from casier.kernel.errors import Unavailable
from engines.means_scene import Post, Telephones, lane, plain
from engines.portal_scene import claire, emptied, redis_server

__all__ = ["claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
NUMBER = "+33612345601"
LETTER = Letter("Un nouvel appareil", ("Bonjour,", "Voici.", "Ce n’était pas vous ?"), code="12345678")


def gateway(name: str, **more: object) -> dict[str, object]:
    return {"kind": "http", "name": name, "url": "https://sms.example/", "voice": True, "json": {}, **more}


@pytest.fixture(autouse=True)
def with_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    section = {"gateways": [gateway("one"), gateway("two")]}
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", section)


def fate(row: str) -> Fate:
    found = fate_of(row)
    assert found is not None
    return found.fate


def test_nothing_is_sent_of_a_transaction_that_is_undone(claire: Account) -> None:
    post = Post()
    with transaction.atomic():
        write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
        transaction.set_rollback(True)
    lane(mail=post).step()
    assert not post.mails


def test_a_mail_looks_like_the_academys_and_fetches_nothing(claire: Account) -> None:
    post = Post()
    link = ("Ouvrir", "https://rouen.localhost/oubli/lien/abc/")
    letter = Letter("Revenir <b>", ("Bonjour,", "<script>x</script>"), code="12345678", link=link)
    row = write_mail("claire@laposte.net", claire.academy, letter, why="recovery", account=claire)
    lane(mail=post).step()
    mail = post.mails[0]
    html = mail.get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert mail["From"] == "Académie de rouen <ne-pas-repondre@ac-rouen.fr>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "1234 5678" in plain(mail)
    assert "1234 5678" in page
    assert "https://rouen.localhost/oubli/lien/abc/" in plain(mail)
    assert "<script>" not in page
    assert claire.academy.accent in page
    assert not any(word in page for word in ("src=", "@import", "url(", "<img", "<link"))
    assert fate(row) is Fate.SENT


def test_a_header_can_not_be_smuggled_in(claire: Account) -> None:
    post = Post()
    letter = Letter("Bonjour\r\nBcc: tous@ac-rouen.fr", ("x",))
    write_mail("claire@laposte.net", claire.academy, letter, why="notice")
    lane(mail=post).step()
    assert post.mails[0]["Bcc"] is None
    bad = write_mail("claire@laposte.net\r\nBcc: x@y.fr", claire.academy, letter, why="notice")
    good = write_mail("claire@laposte.net", claire.academy, letter, why="notice")
    lane(mail=post).step()
    assert (fate(bad), fate(good)) == (Fate.FAILED, Fate.SENT)
    assert len(post.mails) == 2


def test_a_letter_into_the_mailbox_goes_to_the_address_of_the_day(claire: Account) -> None:
    post = Post()
    put_into_mailbox(claire, LETTER, why="notice")
    lane(mail=post).step()
    assert post.mails[0]["To"] == "claire.lefevre@ac-rouen.fr"


def test_postfix_being_down_delays_and_the_message_stays_the_same_one(claire: Account) -> None:
    post = Post()
    post.failure = Unavailable("smtp: ConnectionRefusedError")
    row = write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    lane(mail=post).step()
    assert fate(row) is Fate.WAITING
    assert lane(mail=post).step() == 0
    post.failure = None
    lane(mail=post, at=timezone.now() + timedelta(seconds=3)).step()
    assert fate(row) is Fate.SENT
    assert post.mails[0]["Message-ID"] == f"<{row}@ac-rouen.fr>"


def test_what_postfix_refuses_for_good_is_not_tried_again(claire: Account) -> None:
    post = Post()
    post.failure = RefusedForGood("smtp: SMTPRecipientsRefused")
    row = write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    lane(mail=post).step()
    assert fate(row) is Fate.FAILED
    assert Dispatch.objects.get().content_sealed is None


def test_a_new_academys_letters_wait_until_the_engines_know_its_domain(claire: Account) -> None:
    post = Post()
    post.failure = RefusedForGood("smtp: SMTPDataError")
    row = put_into_mailbox(claire, LETTER, why="notice")
    lane(mail=post).step()
    assert fate(row) is Fate.WAITING
    lane(mail=post, at=timezone.now() + timedelta(minutes=70)).step()
    assert fate(row) is Fate.FAILED
    row = put_into_mailbox(claire, LETTER, why="notice")
    lane(mail=post).step()
    post.failure = None
    lane(mail=post, at=timezone.now() + timedelta(seconds=3)).step()
    assert fate(row) is Fate.SENT


def test_the_next_gateway_is_asked_where_the_first_is_down(claire: Account) -> None:
    first, second = Telephones("one"), Telephones("two")
    first.answers = [NotTaken("ConnectError")]
    rows = [write_sms(NUMBER, "un", why="code", account=claire), write_sms(NUMBER, "deux", why="code")]
    lane(first, second).step()
    assert [fate(row) for row in rows] == [Fate.SENT, Fate.SENT]
    assert len(first.sent) + len(second.sent) == 3
    # The next one doesn't wait for the dead one first.
    write_sms(NUMBER, "trois", why="code")
    lane(first, second).step()
    assert second.sent[-1].text == "trois"


def test_when_all_are_down_it_is_tried_again_until_it_is_of_no_use_and_new_ones_are_refused(
    claire: Account,
) -> None:
    first, second = Telephones("one"), Telephones("two")
    for one in (first, second):
        one.answers = [NotTaken("ConnectError") for _ in range(20)]
    now = timezone.now()
    row = write_sms(NUMBER, "482913", why="code", until=now + timedelta(minutes=1))
    lane(first, second).step()
    assert fate(row) is Fate.WAITING
    assert not can_text()
    with pytest.raises(Unavailable):
        write_sms(NUMBER, "autre", why="code")
    for seconds in (5, 15, 30, 50):
        lane(first, second, at=now + timedelta(seconds=seconds)).step()
    assert fate(row) is Fate.LATE
    lane(first, second, at=now + timedelta(minutes=5)).step()
    assert len(first.sent) == len(second.sent) <= 5
    assert Dispatch.objects.get().to_sealed is None


def test_an_uncertain_answer_is_never_followed_by_a_second_message(claire: Account) -> None:
    first, second = Telephones("one"), Telephones("two")
    first.answers = [Unsure("ReadTimeout")]
    row = write_sms(NUMBER, "482913", why="code")
    for _ in range(3):
        lane(first, second, at=timezone.now() + timedelta(seconds=30)).step()
    assert (len(first.sent), len(second.sent)) == (1, 0)
    assert fate(row) is Fate.DOUBTFUL


def test_a_gateway_that_drops_doubles_is_asked_again_and_no_other(claire: Account) -> None:
    first, second = Telephones("one"), Telephones("two")
    first.harmless = True
    first.answers = [Unsure("ReadTimeout"), NotTaken("ConnectError")]
    row = write_sms(NUMBER, "482913", why="code")
    lane(first, second).step()
    assert fate(row) is Fate.WAITING
    lane(first, second, at=timezone.now() + timedelta(seconds=5)).step()
    assert fate(row) is Fate.WAITING
    lane(first, second, at=timezone.now() + timedelta(seconds=30)).step()
    assert fate(row) is Fate.SENT
    assert {message.id for message in first.sent} == {row}
    assert not second.sent


def test_a_number_that_does_not_exist_is_told_and_asked_of_nobody_else(claire: Account) -> None:
    first, second = Telephones("one"), Telephones("two")
    first.answers = [Refused("no such number")]
    row = write_sms(NUMBER, "482913", why="code")
    lane(first, second).step()
    assert fate(row) is Fate.FAILED
    assert not second.sent


def test_a_worker_that_died_left_no_text_message_to_be_sent_twice(claire: Account) -> None:
    text = write_sms(NUMBER, "482913", why="code")
    mail = write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    Dispatch.objects.update(state=Fate.SENDING, claimed_at=timezone.now() - timedelta(minutes=5))
    post, telephones = Post(), Telephones("one")
    lane(telephones, mail=post).step()
    assert (fate(text), fate(mail)) == (Fate.DOUBTFUL, Fate.SENT)
    assert not telephones.sent


def test_a_gateway_that_breaks_in_an_unknown_way_harms_nothing_else(claire: Account) -> None:
    class Broken(Telephones):
        def send(self, message: object) -> object:
            raise RuntimeError(f"482913 {message}")

    text = write_sms(NUMBER, "482913", why="code")
    mail = write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    lane(Broken("one")).step()
    assert (fate(text), fate(mail)) == (Fate.DOUBTFUL, Fate.SENT)


def test_a_gateway_that_hangs_holds_up_nothing_else(claire: Account) -> None:
    class Hanging(Telephones):
        go_on = threading.Event()

        def send(self, message: Message) -> Outcome:
            assert self.go_on.wait(20)
            return super().send(message)

    hanging, post = Hanging("one"), Post()
    texts = [write_sms(NUMBER, str(number), why="code") for number in range(20)]
    working = lane(hanging, mail=post)
    working.step()
    mail = write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    assert working.step()
    assert fate(mail) is Fate.SENT
    assert {fate(text) for text in texts} == {Fate.SENDING, Fate.WAITING}
    hanging.go_on.set()
    while working.step():
        pass
    assert {fate(text) for text in texts} == {Fate.SENT}
    assert len(hanging.sent) == len({message.id for message in hanging.sent}) == 20


def test_what_another_key_has_sealed_is_not_sent(claire: Account) -> None:
    row = write_sms(NUMBER, "482913", why="code")
    Dispatch.objects.update(content_sealed=b"x" * 60)
    lane(Telephones("one")).step()
    assert fate(row) is Fate.FAILED


def test_a_spoken_code_is_read_digit_by_digit_twice(claire: Account) -> None:
    telephones = Telephones("one")
    call(NUMBER, "482913", "fr", why="code")
    call(NUMBER, "482913", "en", why="code")
    lane(telephones).step()
    texts = {one.language: one.text for one in telephones.sent}
    assert texts["fr"].count("4, 8, 2, 9, 1, 3") == 2
    assert "Your code" in texts["en"]


def test_receipts_are_noted(claire: Account) -> None:
    telephones = Telephones("one")
    rows = [write_sms(NUMBER, str(number), why="code") for number in range(2)]
    working = lane(telephones)
    working.step()
    references = dict(Dispatch.objects.values_list("id", "gateway_ref"))
    by_id = {key.hex: reference for key, reference in references.items()}
    working.receipts.put(("one", by_id[rows[0]], True))
    working.receipts.put(("one", by_id[rows[1]], False))
    working.receipts.put(("two", by_id[rows[1]], True))
    working.step()
    assert [fate(row) for row in rows] == [Fate.DELIVERED, Fate.FAILED]


def test_the_help_desk_sees_where_and_how_it_went_and_never_what(claire: Account) -> None:
    write_sms(NUMBER, "482913", why="code", account=claire)
    lane(Telephones("one")).step()
    told = dispatched(claire)[0]
    assert (told.kind, told.hint, told.why, told.fate, told.gateway) == (
        "sms", "06\u00a0••\u00a0••\u00a0••\u00a001", "code", Fate.SENT, "one",
    )  # fmt: skip
    assert "482913" not in repr(told)


def test_rows_are_forgotten_after_their_days(claire: Account) -> None:
    row = write_sms(NUMBER, "482913", why="code")
    lane(Telephones("one")).step()
    lane(at=timezone.now() + timedelta(days=31)).step()
    assert fate_of(row) is None


def test_what_is_open_in_memory_does_not_print(claire: Account) -> None:
    write_sms(NUMBER, "482913", why="code")
    row = Dispatch.objects.get()
    assert opened(row)[0] == NUMBER
    assert "612345601" not in f"{row} {row.hint}"


# The demonstration -------------------------------------------------------------------------------
@pytest.fixture
def demonstration(claire: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {})
    PersonKey.objects.create(academy=claire.academy, person=claire.person, key="demo-claire")
    chosen.forget_demonstration()
    yield
    chosen.forget_demonstration()


@pytest.mark.usefixtures("demonstration")
def test_the_demonstrations_telephone_keeps_what_would_be_sent(claire: Account) -> None:
    post = Post()
    write_sms(NUMBER, "482913 : votre code", why="code")
    write_mail("claire@laposte.net", claire.academy, LETTER, why="notice")
    put_into_mailbox(claire, LETTER, why="notice")
    lane(mail=post).step()
    assert [one.text for one in demo_telephone.received(NUMBER)] == ["482913 : votre code"]
    assert demo_telephone.received("Claire@laposte.net")[0].subject == LETTER.subject
    assert [mail["To"] for mail in post.mails] == ["claire.lefevre@ac-rouen.fr"]
    assert b"482913" not in bytes(KeptMessage.objects.first().content_sealed)  # type: ignore[union-attr]


def test_without_gateway_and_demonstration_there_is_no_telephone(
    claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {})
    assert not chosen.offers("sms")
    with pytest.raises(Unavailable):
        write_sms(NUMBER, "482913", why="code")


def test_a_misspelt_gateway_is_logged_and_keeps_nobody_out(
    claire: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {"gateways": [{"kind": "smtp"}]})
    assert not chosen.offers("sms")
    assert "[telephone]" in caplog.text


def test_redis_down_is_unavailable_and_not_no_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    redis()
    monkeypatch.setattr(settings, "REDIS_SOCKET", settings.REDIS_SOCKET.with_name("gone.sock"))
    with pytest.raises(Unavailable):
        can_text()
