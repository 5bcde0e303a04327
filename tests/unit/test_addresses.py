"""Names become addresses, addresses are read, UAIs are checked."""

from __future__ import annotations

import contextlib
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.kernel.addresses import (
    ADDRESS_LIMIT,
    DIGITS,
    LOCAL_LIMIT,
    BadAddress,
    BadDomain,
    MailAddress,
    NameWithoutLetters,
    fold,
    homonyms,
    local_part,
    parse_domain,
    without_detail,
)
from casier.kernel.uai import KEY_LETTERS, BadUai, key_letter, parse_uai


@pytest.mark.parametrize(
    ("given_name", "family_name", "expected"),
    [
        ("Jean", "Martin", "jean.martin"),
        ("Jean-Pierre", "Dupont Martin", "jean-pierre.dupont-martin"),
        ("Zoé", "L’Hermite", "zoe.lhermite"),
        ("Jeanne", "d'Arc", "jeanne.darc"),
        ("Marie Noëlle", "de la Tour", "marie-noelle.de-la-tour"),
        ("Cœlia", "Æschyle", "coelia.aeschyle"),
        ("Łukasz", "Größe", "lukasz.grosse"),
        ("  J.-P. ", "O’Neil (Mme)", "j-p.oneil-mme"),
        ("Ève", "Ωmega", "eve.mega"),
        ("Y", "Nguyễn", "y.nguyen"),
        ("李", "Wang", "wang"),
    ],
)
def test_a_name_becomes_an_address(given_name: str, family_name: str, expected: str) -> None:
    assert local_part(given_name, family_name) == expected


def test_a_name_without_latin_letters_is_told() -> None:
    with pytest.raises(NameWithoutLetters):
        local_part("李", "王")


def test_long_names_keep_whole_words_and_room_for_digits() -> None:
    local = local_part("Marie-Antoinette-Josephine-Caroline", "de La Rochefoucauld-Montmorency-Luxembourg")
    assert len(local) <= LOCAL_LIMIT - DIGITS
    assert local.startswith("marie-antoinette")
    assert not local.endswith("-")


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_the_name_the_address_can_be_parsed(given_name: str, family_name: str) -> None:
    try:
        local = local_part(given_name, family_name)
    except NameWithoutLetters:
        return
    assert len(local) + DIGITS <= LOCAL_LIMIT
    assert MailAddress.parse(f"{local}9999@ac-rouen.fr").local == f"{local}9999"


@given(st.text(max_size=50))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_homonyms_get_digits() -> None:
    assert list(islice(homonyms("jean.martin"), 3)) == ["jean.martin", "jean.martin1", "jean.martin2"]


@pytest.mark.parametrize("text", ["Jean.Martin@AC-Rouen.fr", " jean.martin@ac-rouen.fr "])
def test_an_address_is_read_in_lower_case(text: str) -> None:
    assert str(MailAddress.parse(text)) == "jean.martin@ac-rouen.fr"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jean",
        "@ac-rouen.fr",
        "jean@",
        "jean@localhost",
        ".jean@ac-rouen.fr",
        "jean..martin@ac-rouen.fr",
        '"jean martin"@ac-rouen.fr',
        "jean@ac rouen.fr",
        "jean@-ac.fr",
        "jean\r\n@ac-rouen.fr",
        "jérôme@ac-rouen.fr",
        f"{'a' * 65}@ac-rouen.fr",
        f"a@{'.'.join(['a' * 60] * 5)}.fr",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        MailAddress.parse(text)


@given(st.text(max_size=ADDRESS_LIMIT + 10))
def test_parsing_never_fails_otherwise(text: str) -> None:
    with contextlib.suppress(BadAddress):
        assert len(str(MailAddress.parse(text))) <= ADDRESS_LIMIT


def test_domains() -> None:
    assert parse_domain("AC-Clermont-Ferrand.fr.") == "ac-clermont-ferrand.fr"
    assert parse_domain("münchen.de") == "xn--mnchen-3ya.de"
    for wrong in ("localhost", "a..fr", "-a.fr", "", "a_b.fr", "é" * 300 + ".fr"):
        with pytest.raises(BadDomain):
            parse_domain(wrong)


def test_a_uai_is_checked_by_its_letter() -> None:
    assert parse_uai(" 0761234" + key_letter("0761234").lower()) == "0761234" + key_letter("0761234")
    wrong = next(letter for letter in KEY_LETTERS if letter != key_letter("0761234"))
    with pytest.raises(BadUai) as caught:
        parse_uai("0761234" + wrong)
    assert caught.value.facts["expected"] == key_letter("0761234")


@pytest.mark.parametrize("text", ["", "076123", "0761234I", "A761234B", "٠٧٦١٢٣٤A", "07612345A"])
def test_what_is_no_uai_is_refused(text: str) -> None:
    with pytest.raises(BadUai):
        parse_uai(text)


def test_the_letter_of_a_known_school() -> None:
    # Lycée Louis-le-Grand and lycée Henri-IV, Paris
    assert parse_uai("0750655E") == "0750655E"
    assert parse_uai("0750654D") == "0750654D"


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("a.b+x@d.example", "a.b@d.example"),
        ("a+b+c@d.example", "a@d.example"),
        ("a+@d.example", "a@d.example"),
        ("a@d.example", None),
        ("+x@d.example", None),
        ("a+x", None),
        ("a@d+x", None),
    ],
)
def test_a_sub_address_leads_to_an_address(address: str, plain: str | None) -> None:
    assert without_detail(address) == plain
