"""The tokens that stand in for passwords, and the JWT for Cyrus."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.edge.bearer import Bearers, make_jwt
from casier.edge.sasl import Login, may_enter
from casier.edge.tokens import LIFETIME, Tokens
from casier.kernel.secret import Secret

KEY = b"k" * 32
TOKENS = Tokens(KEY)
NOW = 1_800_000_000.0
NAME = "camille@ac-rouen.test"


@given(st.text(min_size=1, max_size=80))
def test_a_token_opens_its_mailbox_for_a_minute(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    token = TOKENS.make(name, NOW)
    assert TOKENS.verify(token, NOW) == name
    assert TOKENS.verify(token, NOW + LIFETIME - 1) == name
    assert TOKENS.verify(token, NOW + LIFETIME) is None


@given(st.text(max_size=120))
def test_anything_else_opens_nothing(text: str) -> None:
    assert TOKENS.verify(Secret(text), NOW) is None


@pytest.mark.parametrize("place", range(4))
def test_a_changed_token_opens_nothing(place: int) -> None:
    parts = TOKENS.make(NAME, NOW).reveal().split(".")
    for other in ("", "0", parts[place][:-1] + ("0" if parts[place][-1] != "0" else "1")):
        changed = [*parts[:place], other, *parts[place + 1 :]]
        assert TOKENS.verify(Secret(".".join(changed)), NOW) is None


def test_another_key_opens_nothing() -> None:
    assert Tokens(b"x" * 32).verify(TOKENS.make(NAME, NOW), NOW) is None


@pytest.mark.parametrize(
    ("user", "realm", "allowed"),
    [
        ("camille", "ac-rouen.test", True),
        (NAME, "", True),
        (NAME, "localhost", True),
        ("camille", "", False),
        ("camille", "ac-caen.test", False),
        ("autre", "ac-rouen.test", False),
        ("casier-admin", "", False),
    ],
)
def test_a_token_is_for_one_name(user: str, realm: str, allowed: bool) -> None:
    login = Login(user, TOKENS.make(NAME, NOW), "imap", realm)
    assert may_enter(login, TOKENS, NOW) is allowed


@pytest.mark.parametrize(
    ("user", "realm", "allowed"),
    [("casier-admin", "", True), ("casier-admin", "localhost", True), (NAME, "", False)],
)
def test_the_admin_has_no_domain(user: str, realm: str, allowed: bool) -> None:
    login = Login(user, TOKENS.make("casier-admin", NOW), "imap", realm)
    assert may_enter(login, TOKENS, NOW) is allowed


def test_passwords_do_not_print() -> None:
    login = Login("camille", Secret("hunter2"), "imap", "")
    assert "hunter2" not in repr(login)
    assert "k" * 8 not in repr(TOKENS)


def test_the_jwt_is_as_cyrus_takes_it() -> None:
    token = make_jwt(NAME, KEY, NOW)
    head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert head == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_iat": False})
    assert claims == {"sub": NAME, "iat": int(NOW) - 5}


def test_a_jwt_is_given_out_again_for_some_seconds() -> None:
    bearers = Bearers(KEY)
    first = bearers.token(NAME, NOW)
    assert bearers.token(NAME, NOW + 9) == first
    assert bearers.token(NAME, NOW + 10) != first
    assert bearers.token("autre@ac-rouen.test", NOW) != first
    assert bearers.token(NAME, NOW - 100) != first  # the clock was set back
