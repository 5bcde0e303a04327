"""Which address and which number may be a means: people's own, elsewhere, in no disguise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.identity.dispatch.gateways.alphabet import is_basic, plain
from casier.identity.dispatch.gateways.configured import COUNTRIES, telephone
from casier.identity.dispatch.gateways.http import fill, found
from casier.identity.dispatch.hints import mask_address, mask_number
from casier.identity.means.addresses import parse_backup
from casier.identity.means.errors import BadMeans
from casier.identity.means.limits import Asking, counters
from casier.identity.means.telephones import parse_number
from casier.kernel.instance import Instance, InstanceError

OWN = frozenset({"ac-rouen.fr", "ac-normandie.fr", "rouen.localhost"})
ALLOWED = frozenset(COUNTRIES)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("claire@laposte.net", "claire@laposte.net"),
        ("  Claire.Lefevre+Casier@Orange.FR ", "claire.lefevre+casier@orange.fr"),
        ("ｃlaire＠laposte．net", "claire@laposte.net"),
        ("claire@école.fr", "claire@xn--cole-9oa.fr"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert parse_backup(typed, OWN) == address


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not_an_address"),
        ("claire", "not_an_address"),
        ("claire@", "not_an_address"),
        ("claire@laposte", "not_an_address"),
        ("claire@lap oste.net", "not_an_address"),
        ("claire@laposte.net\r\nBcc: x@y.fr", "not_an_address"),
        ("claire@laposte.net\nX", "not_an_address"),
        ("claire\x00@laposte.net", "not_an_address"),
        ("claire\u200b@laposte.net", "not_an_address"),
        ("claire\u202e@laposte.net", "not_an_address"),
        ("claire@laposte.net,eve@evil.fr", "not_an_address"),
        ("<claire@laposte.net>", "not_an_address"),
        ('"claire"@laposte.net', "not_an_address"),
        ("claire@[192.0.2.1]", "not_an_address"),
        ("claire@192.0.2.1", "nowhere"),
        ("claire@machine.localhost", "nowhere"),
        ("claire@imprimante.local", "nowhere"),
        ("clairе@laposte.net", "other_letters"),  # a Cyrillic е
        ("claire@lapоste.net", "other_letters"),  # a Cyrillic о
        ("claire@xn--lapste-jof.net", "other_letters"),  # the same, already encoded
        ("hélène@laposte.net", "other_letters"),
        ("claire@ac-rouen.fr", "own_domain"),
        ("claire@AC-Rouen.FR", "own_domain"),
        ("claire@ａｃ-rouen.fr", "own_domain"),
        ("claire@mail.ac-rouen.fr", "own_domain"),
        ("claire@ac-normandie.fr", "own_domain"),
        ("claire@ac-r0uen.fr", "looks_like_own"),
        ("claire@ac-rouén.fr", "looks_like_own"),
        ("claire@ac-norrnandie.fr", "looks_like_own"),
    ],
)
def test_what_is_no_way_back_is_refused_with_its_reason(typed: str, why: str) -> None:
    with pytest.raises(BadMeans) as refused:
        parse_backup(typed, OWN)
    assert refused.value.why == why


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_in_ascii_or_is_refused(typed: str) -> None:
    try:
        address = parse_backup(f"{typed}@laposte.net", OWN)
    except BadMeans:
        return
    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert parse_backup(address, OWN) == address


@pytest.mark.parametrize(
    ("typed", "number", "text"),
    [
        ("06 12 34 56 78", "+33612345678", True),
        ("06.12.34.56.78", "+33612345678", True),
        ("+33 (0)6 12 34 56 78", "+33612345678", True),
        ("0033612345678", "+33612345678", True),
        ("02 35 12 34 56", "+33235123456", False),
        ("09 72 12 34 56", "+33972123456", False),
        ("0692 12 34 56", "+262692123456", True),
        ("0262 12 34 56", "+262262123456", False),
        ("0690 12 34 56", "+590690123456", True),
        ("0694 12 34 56", "+594694123456", True),
        ("0696 12 34 56", "+596696123456", True),
        ("+689 87 12 34 56", "+68987123456", True),
        ("+687 75 12 34", "+687751234", True),
        ("+508 55 12 34", "+508551234", True),
    ],
)
def test_numbers_of_france_and_overseas_as_people_dial_them(typed: str, number: str, text: bool) -> None:
    parsed = parse_number(typed, ALLOWED)
    assert (parsed.e164, parsed.takes_text) == (number, text)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not_a_number"),
        ("bonjour", "not_a_number"),
        ("112", "not_a_number"),
        ("3615", "not_a_number"),
        ("06 12 34 56", "not_a_number"),
        ("06 12 34 56 78\r\n06 12 34 56 79", "not_a_number"),
        ("0" * 500, "not_a_number"),
        ("08 99 12 34 56", "premium"),
        ("08 20 12 34 56", "premium"),
        ("0800 12 34 56", "premium"),
        ("06 12 34 56 78 poste 12", "not_a_number"),
        ("06 12 34 56 78 ext. 12", "not_a_number"),
        ("+44 7911 123456", "country"),
        ("+352 691 234 567", "country"),
        ("+882 1330 0655", "country"),  # international networks, dear and anybody's
        ("+979 123456789", "country"),  # international premium rate
        ("+1 900 234 5678", "country"),
    ],
)
def test_numbers_that_cost_or_lead_elsewhere_are_refused(typed: str, why: str) -> None:
    with pytest.raises(BadMeans) as refused:
        parse_number(typed, ALLOWED)
    assert refused.value.why == why


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_of_an_allowed_country_or_is_refused(typed: str) -> None:
    try:
        parsed = parse_number(typed, ALLOWED)
    except BadMeans:
        return
    assert parsed.region in ALLOWED
    assert parsed.e164[0] == "+"
    assert parsed.e164[1:].isascii()
    assert parsed.e164[1:].isdigit()
    assert parse_number(parsed.e164, ALLOWED).e164 == parsed.e164


def test_a_hint_tells_neither_the_length_nor_the_middle() -> None:
    assert mask_address("claire.lefevre@laposte.net") == "c•••••@laposte.net"
    assert mask_address("c@laposte.net") == "c•••••@laposte.net"
    assert mask_number("+33612345678") == "06\u00a0••\u00a0••\u00a0••\u00a078"
    assert mask_number("+262692123456").startswith("+262\u00a006")
    assert "345" not in mask_number("+68987123456")


def test_text_messages_are_written_in_their_alphabet_where_nothing_is_lost() -> None:
    text = plain("482913\u00a0: votre code Académie d’Orléans, vérifié « ça », forêt")
    assert is_basic(text)
    assert text == '482913 : votre code Académie d\'Orléans, vérifié "ca", foret'
    assert plain("Ваш код 48") == "Ваш код 48"


@given(st.text(max_size=200))
def test_a_text_is_in_the_alphabet_or_as_it_was(text: str) -> None:
    written = plain(text)
    assert is_basic(written) or written == text


def test_who_asks_unknown_has_counters_of_their_own() -> None:
    keys = {}
    for proved in (True, False):
        asking = Asking("means", "account", "192.0.2.1", proved, telephone=True, per_hour=10)
        keys[proved] = {one.kind: one for one in counters(asking)}
    shared = {kind for kind in keys[True] if kind in keys[False]}
    assert shared == {"source"}
    assert keys[False]["platform-out"].most < keys[True]["platform-in"].most


def test_what_is_filled_in_stands_as_it_is() -> None:
    known = dict.fromkeys(("number", "text", "code", "language", "id", "sender"), "{secret}") | {
        "secret": "k"
    }
    assert fill({"a": ["{text}", 3, {"b": "x{number}"}]}, known) == {"a": ["{secret}", 3, {"b": "x{secret}"}]}
    assert found({"a": [{"id": 7}]}, "a.0.id") == 7
    assert found({"a": []}, "a.0.id") is None
    assert found(None, "a") is None


def instance(tmp_path_factory: pytest.TempPathFactory, section: object) -> Instance:
    return Instance(tmp_path_factory.mktemp("i"), settings={"telephone": section})


HTTP = {"kind": "http", "name": "a", "url": "https://sms.example/", "json": {"to": "{number}"}}


@pytest.mark.parametrize(
    ("gateway", "word"),
    [
        ({**HTTP, "url": "http://sms.example/"}, "https"),
        ({**HTTP, "url": "sms.example"}, "https"),
        ({**HTTP, "form": {}}, "json, form or query"),
        ({**HTTP, "name": "../x"}, "name"),
        ({**HTTP, "methode": "POST"}, "methode"),
        ({"kind": "smpp", "name": "b", "host": "h", "system_id": "s", "voice": True}, "speech"),
        ({"kind": "smpp", "name": "b", "host": "h"}, "system_id"),
        ({"kind": "fax", "name": "b"}, "fax"),
    ],
)
def test_a_gateway_that_can_not_work_is_told_by_name(
    tmp_path_factory: pytest.TempPathFactory, gateway: dict[str, object], word: str
) -> None:
    with pytest.raises(InstanceError, match=word):
        telephone(instance(tmp_path_factory, {"gateways": [gateway]}))


def test_gateways_are_read_in_their_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    smpp = {"kind": "smpp", "name": "b", "host": "h", "system_id": "s"}
    local = {**HTTP, "name": "c", "url": "http://127.0.0.1:9/"}
    read = telephone(instance(tmp_path_factory, {"gateways": [smpp, HTTP, local], "countries": ["FR"]}))
    assert [one.name for one in read.gateways] == ["b", "a", "c"]
    assert read.countries == {"FR"}
    with pytest.raises(InstanceError, match="same name"):
        telephone(instance(tmp_path_factory, {"gateways": [HTTP, HTTP]}))
