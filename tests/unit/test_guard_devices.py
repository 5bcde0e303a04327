"""The cookie of a known device: what it opens, and what a forged one doesn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.identity.guard.devices import KNOWN_SECONDS, MOST_ACCOUNTS, Device, read, written
from casier.identity.guard.sources import one_source

NOW = 1_800_000_000
MINE, OTHERS = "a" * 32, "b" * 32


def cookie(*accounts: str) -> str:
    device = Device.new()
    for account in accounts:
        device = device.with_account(account, NOW)
    return written(device)


def test_a_device_knows_who_came_in_with_it_and_nobody_else() -> None:
    device = read(cookie(MINE), NOW)
    assert device is not None
    assert device.knows(MINE)
    assert not device.knows(OTHERS)


def test_several_people_share_a_device() -> None:
    device = read(cookie(MINE, OTHERS), NOW)
    assert device is not None
    assert device.knows(MINE)
    assert device.knows(OTHERS)


def test_the_oldest_of_many_is_left_out() -> None:
    people = [f"{number:032x}" for number in range(MOST_ACCOUNTS + 1)]
    text = cookie(*people)
    device = read(text, NOW)
    assert device is not None
    assert [device.knows(person) for person in people] == [False] + [True] * MOST_ACCOUNTS
    assert len(text) < 512


def test_long_unused_is_unknown() -> None:
    text = cookie(MINE)
    assert read(text, NOW + KNOWN_SECONDS) is not None
    assert read(text, NOW + KNOWN_SECONDS + 1) is None


def test_a_tag_is_worth_nothing_on_another_device() -> None:
    """Whoever has a cookie of their own can't add an account to it, nor move one over."""
    mine, theirs = read(cookie(OTHERS), NOW), read(cookie(MINE), NOW)
    assert mine is not None
    assert theirs is not None
    moved = Device(mine.id, mine.issued, theirs.tags)
    assert not moved.knows(MINE)


@given(st.data())
def test_whatever_is_changed_is_refused(data: st.DataObject) -> None:
    text = cookie(MINE)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda c: c != text[place]))
    changed = text[:place] + letter + text[place + 1 :]
    # The last letter of base64 has two bits that say nothing; ours is compared as it is written.
    assert read(changed, NOW) is None


@given(st.text(max_size=300))
def test_nonsense_is_refused_without_a_fault(text: str) -> None:
    assert read(text, NOW) is None


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("nonsense", "nonsense"),
        ("", "local"),
    ],
)
def test_what_counts_as_one_source(address: str, source: str) -> None:
    assert one_source(address) == source
