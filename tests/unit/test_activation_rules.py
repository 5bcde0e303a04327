"""Codes, names and limits of activation: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.directory.models import Academy
from casier.identity.activation import codes
from casier.identity.activation.documents import InForce, _shipped
from casier.identity.activation.family_names import same_name
from casier.identity.activation.models import DocumentKind
from casier.identity.entry.road import Duty
from casier.kernel.secret import Secret
from casier.policies.api import Policy, shipped
from casier.portal.activation.steps import WHO, _labels, planned

signs = st.text(codes.ALPHABET, min_size=codes.RANDOM_SIGNS, max_size=codes.RANDOM_SIGNS)


def test_a_code_holds_fifty_bits_and_more() -> None:
    assert len(codes.ALPHABET) ** codes.RANDOM_SIGNS >= 2**54
    assert not set("ILO01") & set(codes.ALPHABET)
    assert len({codes.generate().reveal() for _ in range(200)}) == 200


@given(signs)
def test_a_code_is_read_however_it_was_written(random: str) -> None:
    code = codes.with_check(random)
    printed = codes.grouped(code)
    for typed in (
        printed,
        printed.lower(),
        f" {printed.replace('-', ' ')} ",
        code.reveal(),
        printed.replace("-", "–"),
    ):
        assert codes.parse(typed) == code


@given(signs, st.integers(0, codes.SIGNS - 1), st.sampled_from(codes.ALPHABET))
def test_every_wrong_sign_is_found(random: str, place: int, sign: str) -> None:
    code = codes.with_check(random).reveal()
    slip = code[:place] + sign + code[place + 1 :]
    if slip != code:
        with pytest.raises(codes.BadCode):
            codes.parse(slip)


@given(signs, st.integers(0, codes.SIGNS - 2))
def test_two_neighbours_exchanged_are_found(random: str, place: int) -> None:
    code = codes.with_check(random).reveal()
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if slip != code:
        with pytest.raises(codes.BadCode):
            codes.parse(slip)


def test_a_code_is_spelled_as_on_the_telephone() -> None:
    assert codes.spelled(Secret("K7Z")) == ["K comme Kléber", "7", "Z comme Zoé"]
    assert set(codes.SPELLING) == {sign for sign in codes.ALPHABET if sign.isalpha()}


def test_a_code_is_known_by_a_keyed_hash_alone() -> None:
    code = codes.generate()
    assert codes.mac_of(code, b"one" * 11) != codes.mac_of(code, b"two" * 11)
    assert code.reveal() not in codes.mac_of(code, b"one" * 11)
    assert code.reveal() not in repr(code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lefevre", "Lefèvre"),
        ("LEFÈVRE", "Lefèvre"),
        (" Lefevre ", "Lefèvre"),
        ("Le Goff", "Le Goff"),
        ("legoff", "Le Goff"),
        ("Goff", "Le Goff"),
        ("d’Harcourt", "d'Harcourt"),
        ("Harcourt", "d'Harcourt"),
        ("HARCOURT (d')", "d'Harcourt"),
        ("van den Broeck", "Van den Broeck"),
        ("Broeck", "Van den Broeck"),
        ("schmitt weber", "Schmitt-Weber"),
        ("Weber-Schmitt", "Schmitt-Weber"),
        ("Weber", "Schmitt-Weber"),
        ("Cœur", "Coeur"),
        ("N’Diaye", "Ndiaye"),
        ("Nguyễn", "Nguyen"),
        ("Le", "Le"),
        ("Strauß", "Strauss"),
    ],
)
def test_a_name_is_the_same_for_a_reader(typed: str, name: str) -> None:
    assert same_name(typed, (name, ""))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Martin"),
        ("   ", "Martin"),
        ("'-", "Martin"),
        ("", ""),
        ("Martin", ""),
        ("Mart", "Martin"),
        ("Martins", "Martin"),
        ("Van", "Van den Broeck"),
        ("den", "Van den Broeck"),
        ("le", "Le Goff"),
        ("d", "d'Harcourt"),
        ("Schmitt", "Schmidt-Weber"),
        ("Martin Durand", "Martin"),
    ],
)
def test_another_name_is_not(typed: str, name: str) -> None:
    assert not same_name(typed, (name, ""))


def test_the_name_of_birth_will_do_as_well() -> None:
    assert same_name("Carpentier", ("Vasseur", "Carpentier"))
    assert not same_name("Dupont", ("Vasseur", "Carpentier"))


@given(st.text(max_size=60))
def test_no_text_breaks_the_comparison(typed: str) -> None:
    assert same_name(typed, ("Lefèvre", "")) in {True, False}


def test_the_steps_are_those_of_the_policy() -> None:
    assert planned(shipped("normandie")) == [
        WHO, Duty.DETAILS, Duty.DOCUMENTS, Duty.PASSWORD, Duty.MEANS, Duty.ENROL, Duty.MEMO,
    ]  # fmt: skip
    assert Duty.ENROL not in planned(Policy())
    assert Duty.ENROL in planned(shipped("rouen"))


@pytest.mark.parametrize("duty", list(Duty))
def test_every_page_of_the_road_has_its_step(duty: Duty) -> None:
    assert duty in planned(Policy(), duty)
    assert duty in _labels()


ROUEN = Academy(slug="rouen", name="Académie de Rouen", accent="#7A2E3A")


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_shipped_can_be_read(kind: DocumentKind, language: str) -> None:
    document = InForce(kind, 1, 1, _shipped(kind), "Académie de Rouen")
    assert "Académie de Rouen" in document.html(language)
    assert "{" not in document.text(language)
    assert document.title(language)
    assert "<h2>" in document.html(language)


def test_a_document_can_do_nothing() -> None:
    evil = (
        "# Titre\n\n<script>alert(1)</script>\n\n[lien](javascript:alert(1)) ![x](https://example.org/p.png)\n\n"
        '<img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a> [données](data:text/html,x)'
    )
    html = InForce(DocumentKind.CHARTER, 2, 2, {"fr": evil}, "Rouen").html("fr")
    for sign in ("<script", "<img", "onerror=alert(1)>", 'href="javascript', 'href="data', "src="):
        assert sign not in html.replace("&lt;img src=x onerror=alert(1)&gt;", "")
