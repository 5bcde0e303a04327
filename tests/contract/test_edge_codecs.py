"""The protocols that the edge speaks: what goes in comes out, and noise never gets through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.edge import delegation, netstrings, sasl
from casier.engines.clamav.clamd import Finding, read_answer
from casier.kernel.secret import Secret

T = TypeVar("T")
WORDS = st.text(max_size=200).filter(lambda text: text.isprintable())
LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=100)
NAME = st.text(st.characters(exclude_characters="\n=", exclude_categories=["Cs"]), min_size=1, max_size=30)


def read_from(data: bytes, read: Callable[[asyncio.StreamReader], Awaitable[T]]) -> T:
    """Let READ read DATA from a stream that ends after it."""

    async def scene() -> T:
        reader = asyncio.StreamReader(limit=delegation.LONGEST)
        reader.feed_data(data)
        reader.feed_eof()
        return await read(reader)

    return asyncio.run(scene())


@given(WORDS, WORDS, WORDS, WORDS)
def test_saslauthd(user: str, password: str, service: str, realm: str) -> None:
    login = sasl.Login(user, Secret(password), service, realm)
    assert sasl.decode_request(sasl.encode_request(login)) == login
    assert read_from(sasl.encode_request(login), sasl.read_request) == login


@given(st.binary(max_size=300))
def test_saslauthd_noise(data: bytes) -> None:
    try:
        login = sasl.decode_request(data)
    except sasl.Malformed:
        return
    assert sasl.encode_request(login) == data


def test_saslauthd_as_libsasl_writes_it() -> None:
    recorded = b"\0\x07camille\0\x06secret\0\x04imap\0\x0dac-rouen.test"
    login = sasl.decode_request(recorded)
    assert (login.user, login.service, login.realm) == ("camille", "imap", "ac-rouen.test")
    assert login.name == "camille@ac-rouen.test"
    assert sasl.encode("OK") == b"\0\x02OK"


def test_saslauthd_too_long() -> None:
    with pytest.raises(sasl.Malformed):
        read_from(b"\xff\xff" + b"x" * 65535, sasl.read_request)


@given(WORDS, st.binary(max_size=50))
def test_netstrings(text: str, rest: bytes) -> None:
    assert netstrings.decode(netstrings.encode(text) + rest) == (text, rest)
    assert read_from(netstrings.encode(text), netstrings.read) == text


@given(st.binary(max_size=60))
def test_netstrings_noise(data: bytes) -> None:
    try:
        text, rest = netstrings.decode(data)
    except netstrings.Malformed:
        return
    size = len(text.encode())
    assert data.endswith(text.encode() + b"," + rest)
    assert int(data.partition(b":")[0]) == size


@pytest.mark.parametrize("data", [b"99999999:x,", b"-1:,", b"1:ab,", b"x:a,", b"20000:", b":,", b"1:\xff,"])
def test_netstrings_refused(data: bytes) -> None:
    with pytest.raises((netstrings.Malformed, asyncio.IncompleteReadError)):
        read_from(data, netstrings.read)


@given(st.dictionaries(NAME, LINE, min_size=1, max_size=8))
def test_delegation(attributes: dict[str, str]) -> None:
    assert delegation.decode(delegation.encode(attributes)) == attributes
    assert read_from(delegation.encode(attributes), delegation.read) == attributes


@given(st.binary(max_size=200))
def test_delegation_noise(data: bytes) -> None:
    try:
        attributes = delegation.decode(data)
    except delegation.Malformed:
        return
    assert all("\n" not in name + value for name, value in attributes.items())


def test_delegation_says_nothing_twice() -> None:
    with pytest.raises(delegation.Malformed):
        delegation.decode(b"sender=a@b.test\nsender=c@d.test\n\n")


@given(st.text(max_size=100))
def test_an_action_is_one_line(text: str) -> None:
    answer = delegation.answer(text)
    assert answer.startswith(b"action=")
    assert answer.endswith(b"\n\n")
    assert answer.count(b"\n") == 2


@pytest.mark.parametrize(
    ("line", "finding", "detail"),
    [
        (b"stream: OK\0", Finding.CLEAN, ""),
        (b"7: stream: OK\0", Finding.CLEAN, ""),
        (b"7: INSTREAM size limit exceeded. ERROR\0", Finding.NOT_SCANNABLE, None),
        (b"stream: Eicar-Test-Signature FOUND\0", Finding.VIRUS, "Eicar-Test-Signature"),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", Finding.NOT_SCANNABLE, "Heuristics.Encrypted.Zip"),
        (b"stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0", Finding.NOT_SCANNABLE, None),
        (b"INSTREAM size limit exceeded. ERROR\0", Finding.NOT_SCANNABLE, None),
        (b"stream: Can't allocate memory ERROR\0", Finding.UNKNOWN, None),
        (b"stream: OK FOUND\0", Finding.VIRUS, "OK"),
        (b"", Finding.UNKNOWN, ""),
        (b"OK", Finding.UNKNOWN, None),
    ],
)
def test_clamd_answers(line: bytes, finding: Finding, detail: str | None) -> None:
    report = read_answer(line)
    assert report.finding == finding
    assert detail is None or report.detail == detail
