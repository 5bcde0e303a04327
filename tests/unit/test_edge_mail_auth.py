"""Mail programs at the door: application passwords only, one answer for everything that is wrong."""

from __future__ import annotations

import asyncio

import pytest

from casier.edge.attempts import LONG_WAIT, WAIT
from casier.edge.mail_auth import MailDoor, Refused, Welcome, headers_for, login_from
from casier.edge.records import AppPassword, app_password_mac
from casier.edge.stores import Store
from casier.edge.tokens import Tokens
from casier.kernel.published import Access, AppPasswordState
from casier.kernel.secret import Secret
from unit.edge_fakes import CAMILLE, NOW, OLD_NAME, Published, account

KEY = b"k" * 32
TOKENS = Tokens(KEY)
PASSWORD = "m%t de p+sse é"
ESCAPED = "m%25t%20de%20p+sse%20%C3%A9"


@pytest.fixture
def published() -> Published:
    records = Published()
    state = AppPasswordState("c" * 32, "1", ["imap", "smtp"])
    records.passwords[app_password_mac(Secret(PASSWORD), KEY)] = AppPassword(state, account())
    return records


def sign_in(records: Published, **headers: str) -> Welcome | Refused:
    base = {
        "auth-user": CAMILLE.replace("@", "%40"),
        "auth-pass": ESCAPED,
        "auth-protocol": "imap",
        "auth-ssl": "on",
        "client-ip": "192.0.2.7",
    }
    given = {**base, **{name.replace("_", "-"): value for name, value in headers.items()}}
    stores = {"store1": Store("127.0.0.1", 18143, "lmtp:unix:/x")}
    door = MailDoor(records, TOKENS, KEY, stores, {"smtp": 18465})
    return asyncio.run(door.may_sign_in(login_from(given), NOW))


def test_the_right_password_leads_to_the_mailbox(published: Published) -> None:
    imap, smtp = sign_in(published), sign_in(published, auth_protocol="smtp")
    assert isinstance(imap, Welcome)
    assert isinstance(smtp, Welcome)
    assert (imap.mailbox_key, imap.host, imap.port) == (OLD_NAME, "127.0.0.1", 18143)
    assert smtp.port == 18465
    assert TOKENS.verify(imap.token, NOW) == OLD_NAME
    assert PASSWORD not in str(headers_for(imap, "imap"))


@pytest.mark.parametrize(
    "headers",
    [
        {"auth_pass": "wrong"},
        {"auth_pass": ""},
        {"auth_user": "autre%40ac-rouen.test"},
        {"auth_user": ""},
        {"auth_protocol": "pop3"},
        {"auth_ssl": "off"},
        {"auth_ssl": ""},
    ],
)
def test_everything_wrong_gets_the_same_answer(published: Published, headers: dict[str, str]) -> None:
    answer = sign_in(published, **headers)
    assert isinstance(answer, Refused)
    assert (answer.text.rpartition(" ")[0], answer.wait) == ("Identifiants refuses / Login refused", WAIT)


@pytest.mark.parametrize(
    "change", [{"access": Access.SUSPENDED}, {"access": Access.CLOSED}, {"networks": ["10.0.0.0/8"]}]
)
def test_who_is_out_learns_no_more_than_a_stranger(published: Published, change: dict[str, object]) -> None:
    mac = app_password_mac(Secret(PASSWORD), KEY)
    published.passwords[mac] = AppPassword(published.passwords[mac].state, account(**change))
    answer = sign_in(published)
    assert isinstance(answer, Refused)
    assert answer.text.startswith("Identifiants refuses")


def test_a_password_for_another_protocol_opens_nothing(published: Published) -> None:
    mac = app_password_mac(Secret(PASSWORD), KEY)
    published.passwords[mac] = AppPassword(AppPasswordState("c" * 32, "1", ["dav"]), account())
    assert isinstance(sign_in(published), Refused)


def test_many_failures_wait_longer(published: Published) -> None:
    answers = [sign_in(published, auth_pass="wrong") for _ in range(21)]
    assert isinstance(answers[0], Refused)
    assert isinstance(answers[-1], Refused)
    assert (answers[0].wait, answers[-1].wait) == (WAIT, LONG_WAIT)
    assert isinstance(sign_in(published), Welcome)


def test_not_knowing_is_temporary(published: Published) -> None:
    published.down = True
    answer = sign_in(published)
    assert isinstance(answer, Refused)
    assert answer.temporary
    assert headers_for(answer, "smtp")["Auth-Error-Code"].startswith("454")
    assert headers_for(Refused("no"), "smtp")["Auth-Error-Code"].startswith("535")
    assert "Auth-Error-Code" not in headers_for(Refused("no"), "imap")


def test_a_store_that_is_not_known_is_temporary(published: Published) -> None:
    mac = app_password_mac(Secret(PASSWORD), KEY)
    published.passwords[mac] = AppPassword(published.passwords[mac].state, account(store="store9"))
    answer = sign_in(published)
    assert isinstance(answer, Refused)
    assert answer.temporary


def test_a_program_that_waits_is_told_to_come_again(published: Published) -> None:
    published.held.add("1")
    imap, smtp = sign_in(published), sign_in(published, auth_protocol="smtp")
    assert isinstance(imap, Refused)
    assert isinstance(smtp, Refused)
    assert headers_for(imap, "imap")["Auth-Status"].startswith("[UNAVAILABLE] ")
    assert headers_for(smtp, "smtp")["Auth-Error-Code"] == "454 4.7.0"
    assert "[UNAVAILABLE]" not in smtp.text
    assert not published.counters


def test_a_use_is_noted_only_when_everything_is_right(published: Published) -> None:
    sign_in(published, auth_pass="wrong")
    sign_in(published, auth_user="someone.else%40ac-rouen.fr")
    assert published.uses == []
    sign_in(published)
    assert [(use.address, use.protocol) for use in published.uses] == [("192.0.2.7", "imap")]
