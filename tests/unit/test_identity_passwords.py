"""Which passwords are refused, and why."""

from __future__ import annotations

import pytest

from casier.identity.app_passwords import generating as app_passwords
from casier.identity.passwords.rules import Rules, Weakness, faults
from casier.kernel.secret import Secret

NAMES = ("Claire", "Lefèvre", "claire.lefevre")


def weaknesses(password: str, rules: Rules | None = None) -> list[Weakness]:
    return [fault.weakness for fault in faults(Secret(password), rules or Rules(), NAMES)]


@pytest.mark.parametrize(
    "password", ["tulipe-Verte-93-orage", "8fKq2_vTz!mB", "le perroquet mange douze figues", "Vxr9pLz27qWs"]
)
def test_a_password_nobody_would_guess_is_taken(password: str) -> None:
    assert weaknesses(password) == []


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("court", Weakness.TOO_SHORT),
        ("a" * 129, Weakness.TOO_LONG),
        ("Rentree2026!", Weakness.COMMON),
        ("Academie-Lyon1", Weakness.COMMON),
        ("ConseilDeClasse", Weakness.COMMON),
        ("M0tD3P@sse2026", Weakness.COMMON),
        ("azertyuiop123", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("aaaaaaaaaaaaaa", Weakness.COMMON),
        ("Lefevre-1984!", Weakness.NAME),
        ("ClaireLefèvre76", Weakness.NAME),
        ("14E7600123ABC", Weakness.NUMEN),
        ("mon numen 14e7600123abc", Weakness.NUMEN),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, weakness: Weakness) -> None:
    assert weakness in weaknesses(password)


def test_the_missing_characters_are_counted() -> None:
    (fault,) = faults(Secret("8fKq2_vTz"), Rules(minimum_length=12))
    assert (fault.weakness, fault.count) == (Weakness.TOO_SHORT, 3)


def test_kinds_matter_only_for_what_is_short() -> None:
    rules = Rules(minimum_length=10, kinds=3)
    assert weaknesses("xkvqzwpjrtyh", rules) == [Weakness.TOO_FEW_KINDS]
    assert weaknesses("xkvqzwpj7r-h", rules) == []
    assert weaknesses("le perroquet mange des figues", rules) == []


def test_an_application_password_is_long_and_can_be_read() -> None:
    made = {app_passwords.generate().reveal() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password.split("-")) == 6 and not set(password) & set("01ilo") for password in made)
    assert len(set("".join(made)) - {"-"}) ** 24 > 2**112


def test_an_application_password_is_looked_up_under_a_key() -> None:
    password = Secret("k7mq-aaaa")
    assert app_passwords.lookup_mac(password, b"one") != app_passwords.lookup_mac(password, b"two")
    assert "k7mq" not in repr(password)
