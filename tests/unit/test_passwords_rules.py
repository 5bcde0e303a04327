"""Which passwords are refused, and why."""

from __future__ import annotations

import hashlib
import math
import random
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.identity.app_passwords import generating as app_passwords
from casier.identity.passwords.leaked import has_leaked
from casier.identity.passwords.phrases import suggest
from casier.identity.passwords.rules import Personal, Rules, Weakness, faults, judge
from casier.identity.passwords.strength import BEST
from casier.identity.passwords.words import SortedLines, french_words, leaked_passwords, phrase_words
from casier.kernel.secret import Secret

KNOWN = Personal(
    ("Claire", "Lefèvre", "Collège Jean Moulin", "Le Havre", "0760001A", "Académie de Normandie"),
    ("claire.lefevre@ac-rouen.fr",),
)


def weaknesses(password: str, rules: Rules | None = None) -> list[Weakness]:
    return [fault.weakness for fault in faults(Secret(password), rules or Rules(), KNOWN)]


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
        ("123456789012", Weakness.LEAKED),
        ("aaaaaaaaaaaaaa", Weakness.COMMON),
        ("Lefevre-1984!", Weakness.NAME),
        ("ClaireLefèvre76", Weakness.NAME),
        ("JeanMoulin-Havre", Weakness.NAME),
        ("Havre-College76!", Weakness.NAME),
        ("0760001a-havre", Weakness.NAME),
        ("GrenouilleVerte", Weakness.GUESSABLE),
        ("Grenouille2024!", Weakness.GUESSABLE),
        ("Jk3" * 42, Weakness.GUESSABLE),
        ("zèbre 12-03-1984 tango", Weakness.DATE),
        ("zèbre 12 mars 1984 tango", Weakness.DATE),
        ("zebre-19840312-tango", Weakness.DATE),
        ("zebre 12.03.84 tango", Weakness.DATE),
        ("brrr 06 12 34 56 78 zz", Weakness.TELEPHONE),
        ("brrr+33612345678zz", Weakness.TELEPHONE),
        ("brrr claire.l@laposte.net", Weakness.ADDRESS),
        ("14E7600123ABC", Weakness.NUMEN),
        ("mon numen １４Ｅ7600123abc", Weakness.NUMEN),
        ("tulipe\0verte-93-orage", Weakness.UNTYPABLE),
        ("tulipe\ud800verte-93-orage", Weakness.UNTYPABLE),
        ("auckland2010", Weakness.LEAKED),
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


def test_spaces_and_any_script_are_taken() -> None:
    for password in (
        "  le perroquet mange douze figues  ",
        "гжельская ваза на окне",
        "図書館の猫が五匹眠っている朝",
    ):
        assert weaknesses(password) == [], password


def test_128_characters_are_taken_and_weighed_within_milliseconds() -> None:
    phrase = "-".join(phrase_words()[::37])[:128]
    assert len(phrase) == 128
    began = time.process_time()
    assert judge(Secret(phrase), Rules(), KNOWN).faults == []
    assert time.process_time() - began < 0.2


def test_what_is_refused_never_looks_strong() -> None:
    assert judge(Secret("zèbre 12-03-1984 tango 8fKq2"), Rules(), KNOWN).strength <= 1
    assert judge(Secret("tulipe-Verte-93-orage"), Rules(), KNOWN).strength == BEST


def test_dates_and_telephones_are_refused_whoever_they_belong_to() -> None:
    """A rule about the person's own birth date would tell a guesser when it is met."""
    assert {weaknesses(f"zebre-{day:02}-03-1984-tango")[0] for day in range(1, 29)} == {Weakness.DATE}


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules(text: str) -> None:
    verdict = judge(Secret(text), Rules(), KNOWN)
    assert 0 <= verdict.strength <= BEST
    assert verdict.faults or len(text) >= Rules().minimum_length


@given(st.integers(0, 10**6))
def test_a_suggestion_suits_every_policy(seed: int) -> None:
    made = suggest(choose=random.Random(seed).choice)
    assert faults(made, Rules(16, 3, least_score=4), KNOWN) == []


def test_suggestions_are_many_enough() -> None:
    assert math.log2(len(phrase_words()) ** 5 * 90) > 58


def test_every_line_of_a_sorted_list_is_found_where_it_lies() -> None:
    lines = (leaked_passwords().lines[:]).split()
    assert len(lines) > 10_000
    assert all(leaked_passwords().holds(line) for line in lines[::97] + lines[:2] + lines[-2:])
    assert not any(leaked_passwords().holds(line + b"~q") for line in lines[::97])
    assert not leaked_passwords().holds(b"")


@given(st.sets(st.text("abc:", min_size=1, max_size=4), min_size=1), st.text("abc", max_size=4))
def test_searching_by_halves_answers_as_looking_at_each(lines: set[str], asked: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines"
        path.write_text("\n".join(sorted(lines)) + "\n")
        assert SortedLines.open(path).holds(asked.encode()) == (asked in lines)


def test_a_local_list_of_digests_is_asked_too(tmp_path: Path) -> None:
    leaked = [
        f"{hashlib.sha1(f'zq{number}x-Vw8!'.encode()).hexdigest().upper()}:{number}" for number in range(999)
    ]
    path = tmp_path / "leaked.txt"
    path.write_text("\r\n".join(sorted(leaked)) + "\r\n")
    assert has_leaked("zq7x-Vw8!", path)
    assert not has_leaked("zq7x-vw8!", path)
    assert not has_leaked("zq7x-Vw8!", tmp_path / "none.txt")
    path.write_text("")
    assert not has_leaked("zq7x-Vw8!", path)
    assert weaknesses("zq07x-Vw8!-b2Tg", Rules(leaked=path)) == []


def test_the_lists_take_little_memory() -> None:
    assert sum(map(sys.getsizeof, french_words())) < 3_000_000


def test_an_application_password_is_long_and_can_be_read() -> None:
    made = {app_passwords.generate().reveal() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password.split("-")) == 6 and not set(password) & set("01ilo") for password in made)
    assert len(set("".join(made)) - {"-"}) ** 24 > 2**112


def test_an_application_password_is_looked_up_under_a_key() -> None:
    password = Secret("k7mq-aaaa")
    assert app_passwords.lookup_mac(password, b"one") != app_passwords.lookup_mac(password, b"two")
    assert "k7mq" not in repr(password)
