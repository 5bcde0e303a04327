"""Which messages need a look: what each road leaves open, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casier.kernel.stored import Road, Source, Stored, dumps, loads
from casier.mailbox.arrivals import marks
from casier.mailbox.arrivals.models import WatchedFolder
from casier.mailbox.arrivals.uids import Uids

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WHO = "camille@ac-exemple.fr"


def came(
    road: Road, uids: str, validity: int = 7, folder: str = "INBOX", source: Source | None = None
) -> Stored:
    return Stored(road, WHO, folder, validity, uids, Uids.parse(uids).last, source)


def row(validity: int = 7) -> WatchedFolder:
    return WatchedFolder.objects.get(owner=WHO, uid_validity=validity)


def test_what_was_delivered_is_settled_and_what_was_appended_is_open() -> None:
    marks.note([came(Road.DELIVERED, "1:3")], NOW)
    assert row().due_at is None
    marks.note([came(Road.APPENDED, "4"), came(Road.DELIVERED, "5")], NOW)
    assert str(row().open_uids) == "4"
    assert row().due_at == NOW + marks.SOON


def test_told_twice_it_is_the_same() -> None:
    marks.note([came(Road.APPENDED, "1:2")], NOW)
    marks.settle(WHO, 7, Uids.parse("1:2"))
    marks.note([came(Road.APPENDED, "1:2")], NOW)
    assert row().due_at is None


def test_a_gap_between_deliveries_is_looked_at() -> None:
    """An event was lost: UIDs are given one after the other, so what is missing shows."""
    marks.note([came(Road.DELIVERED, "1"), came(Road.DELIVERED, "3")], NOW)
    assert str(row().open_uids) == "2"
    assert row().due_at == NOW + marks.UNEXPLAINED
    marks.note([came(Road.DELIVERED, "2")], NOW)
    assert row().due_at is None


def test_a_copy_is_as_settled_as_what_it_was_made_from() -> None:
    marks.note([came(Road.DELIVERED, "1"), came(Road.APPENDED, "2")], NOW)
    marks.note([came(Road.COPIED, "1", 8, source=Source(WHO, 7, "1"))], NOW)
    assert row(8).due_at is None
    marks.note([came(Road.COPIED, "2:3", 8, source=Source(WHO, 7, "1:2"))], NOW)
    assert str(row(8).open_uids) == "2:3"
    marks.note([came(Road.COPIED, "1", 9, source=Source("autre@ac-exemple.fr", 99, "1"))], NOW)
    assert str(row(9).open_uids) == "1"


def test_a_draft_can_wait_and_an_append_beside_it_cannot() -> None:
    marks.note([came(Road.MADE, "1", folder="Drafts")], NOW)
    assert row().due_at == NOW + marks.DRAFTS
    marks.note([came(Road.APPENDED, "2", folder="Drafts")], NOW)
    assert row().due_at == NOW + marks.SOON


def test_what_a_look_finds_that_nobody_told_of_is_open() -> None:
    marks.note([came(Road.DELIVERED, "1:5")], NOW)
    marks.note([came(Road.DELIVERED, "1", 8)], NOW)
    marks.seen(WHO, {7: ("INBOX", 9)}, NOW)
    assert str(row().open_uids) == "6:9"
    assert row().due_at == NOW
    assert not WatchedFolder.objects.filter(uid_validity=8).exists()


def test_who_failed_waits_behind_the_others() -> None:
    marks.note([came(Road.APPENDED, "1"), came(Road.APPENDED, "1", 8)], NOW)
    marks.postpone(row(), NOW + timedelta(seconds=5))
    found = marks.next_due()
    assert found is not None
    assert found.uid_validity == 8


def test_the_stream_carries_all_of_it() -> None:
    events = [came(Road.COPIED, "2:3", source=Source(WHO, 7, "1:2")), came(Road.MADE, "9", folder="Élèves")]
    assert loads(dumps(events)) == events
