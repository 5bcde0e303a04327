"""Announcements of the IT department: who sees them, until when, and who can put them aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry, JournalPayload
from casier.directory.actions.people import NewAccount, create_account
from casier.directory.errors import NotFound
from casier.directory.models import Account, Posting, PostingDetail, School
from casier.groups.actions import GroupInUse, GroupWords, create_group, remove_group
from casier.groups.models import Group
from casier.identity.api import set_password
from casier.kernel.secret import Secret
from casier.mailbox.announcements.actions import (
    BadAnnouncement,
    CriticalStays,
    NewAnnouncement,
    announce,
    announcements_for,
    dismiss,
    withdraw,
)
from casier.mailbox.announcements.models import Announcement, Level
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, academy, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def told(account: Account, level: Level = Level.INFORMATION, **more: Any) -> Announcement:
    now = timezone.now()
    new = NewAnnouncement(
        **{"level": level, "french": "Bonjour", "english": "Hello", "starts_at": now, **more}
    )
    return announce(account.academy, new, by=BY, reason="tests", now=now)


def seen(account: Account) -> list[str]:
    return [row.id.hex for row in announcements_for(account, timezone.now()).now]


def put_aside(browser: Client, row: Announcement) -> int:
    path = f"/api/announcements/{row.id.hex}/dismissed"
    return browser.put(path, secure=True, headers={"Origin": ORIGIN}).status_code


def test_what_presses_most_comes_first_and_what_is_critical_stays(claire: Account, browser: Client) -> None:
    rows = {level: told(claire, level) for level in (Level.INFORMATION, Level.CRITICAL, Level.WARNING)}
    sign_in(browser)
    answer = browser.get("/api/announcements", secure=True).json()
    assert [one["level"] for one in answer["announcements"]] == ["critical", "warning", "information"]
    assert put_aside(browser, rows[Level.CRITICAL]) == 409
    assert put_aside(browser, rows[Level.WARNING]) == 204
    assert put_aside(browser, rows[Level.WARNING]) == 204
    other_device = new_browser()
    sign_in(other_device)
    answer = other_device.get("/api/announcements", secure=True).json()
    assert [one["level"] for one in answer["announcements"]] == ["critical", "information"]


def test_putting_aside_is_one_s_own(claire: Account, browser: Client) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    row = told(claire)
    dismiss(claire, row.id.hex, timezone.now())
    assert (seen(claire), seen(ali)) == ([], [row.id.hex])
    # another site, nobody, someone of another academy
    sign_in(browser, "ali.benali")
    path = f"/api/announcements/{row.id.hex}/dismissed"
    assert browser.put(path, secure=True, headers={"Origin": "https://evil.example"}).status_code == 403
    assert new_browser().put(path, secure=True, headers={"Origin": ORIGIN}).status_code == 401
    stranger = person(academy("nancy-metz", ("ac-nancy-metz.fr",)), "Zoé", "Schmitt")
    with pytest.raises(NotFound):
        dismiss(stranger, row.id.hex, timezone.now())
    assert seen(ali) == [row.id.hex]


def test_another_academy_sees_nothing_of_it(claire: Account) -> None:
    stranger = person(academy("nancy-metz", ("ac-nancy-metz.fr",)), "Zoé", "Schmitt")
    told(claire, Level.CRITICAL)
    assert seen(stranger) == []


def test_for_one_school_or_function(claire: Account) -> None:
    school = School.objects.create(academy=claire.academy, uai="0761234D", name="Lycée")
    new = NewAccount("Ali", "Benali", school=school, function="ENS")
    ali = create_account(claire.academy, new, by=BY, reason="tests", now=timezone.now())
    set_password(ali, Secret(PASSWORD), BY)
    more: dict[str, Any]
    for more in ({"schools": (school.uai,)}, {"functions": ("ens",)}):
        row = told(claire, **more)
        assert (row.id.hex in seen(ali), row.id.hex in seen(claire)) == (True, False)
    both = told(claire, schools=(school.uai,), functions=("DIR",))
    assert both.id.hex not in seen(ali)
    with pytest.raises(NotFound):
        dismiss(claire, row.id.hex, timezone.now())


def test_a_school_of_another_academy_is_refused(claire: Account) -> None:
    elsewhere = academy("nancy-metz", ("ac-nancy-metz.fr",))
    School.objects.create(academy=elsewhere, uai="0761234D", name="Lycée")
    with pytest.raises(NotFound):
        told(claire, schools=("0761234D",))


def test_from_until_and_when_it_changes(claire: Account) -> None:
    now = timezone.now()
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
    row = told(claire, starts_at=begins, ends_at=ends)
    before, during = announcements_for(claire, now), announcements_for(claire, begins)
    assert (before.now, before.changes_at) == ((), begins)
    assert ([one.id for one in during.now], during.changes_at) == ([row.id], ends)
    assert announcements_for(claire, ends).now == ()
    with pytest.raises(NotFound):
        dismiss(claire, row.id.hex, now)
    with pytest.raises(BadAnnouncement):
        told(claire, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))


def test_withdrawn_is_gone_and_all_is_in_the_journal(claire: Account) -> None:
    row = told(claire, Level.CRITICAL)
    with pytest.raises(CriticalStays):
        dismiss(claire, row.id.hex, timezone.now())
    for _ in range(2):
        withdraw(row.id.hex, by=BY, reason="fini", now=timezone.now())
    assert seen(claire) == []
    actions = JournalEntry.objects.filter(target=f"announcement:{row.id.hex}").values_list(
        "action", flat=True
    )
    assert sorted(actions) == ["announcement.made", "announcement.withdrawn"]
    assert "Bonjour" in str(list(JournalPayload.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("text", ["", "   \n", "x" * 601, "\u202e\u200b"])
def test_what_is_no_text_is_refused(claire: Account, text: str) -> None:
    with pytest.raises(BadAnnouncement):
        told(claire, french=text)


def test_text_that_turns_round_what_is_read_loses_that(claire: Account) -> None:
    assert told(claire, french="Bon\u202ejour\nà  tous\u0007").french == "Bonjour à tous"


def test_a_group_narrows_whom_it_is_for(claire: Account) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    now = timezone.now()
    monod = School.objects.create(academy=claire.academy, uai="0760001A", name="Collège Monod")
    posting = Posting.objects.create(person=ali.person, school=monod, function="ENS")
    PostingDetail.objects.create(posting=posting, kind="principal", value="3B")
    words = GroupWords("PP de 3e", "professeurs principaux de 3e")
    group = create_group(claire.academy, "pp-3e", words, by=BY, reason="tests", now=now)
    row = told(claire, group="pp-3e")
    assert (seen(claire), seen(ali)) == ([], [row.id.hex])
    with pytest.raises(NotFound):
        dismiss(claire, row.id.hex, now)
    told_too = told(claire, group="pp-3e", functions=("DIR",))
    assert told_too.id.hex not in seen(ali)
    with pytest.raises(GroupInUse):
        remove_group(group, by=BY, reason="tests", now=now)
    # however it came about: what was for a few never becomes for all
    Group.objects.filter(pk=group.pk).update(removed_at=now)
    assert (seen(claire), seen(ali)) == ([], [])
    with pytest.raises(NotFound):
        told(claire, group="pp-3e")
    withdraw(row.id.hex, by=BY, reason="tests", now=now)


def test_another_academy_s_group_is_nobody_s_here(claire: Account) -> None:
    nancy = academy("nancy-metz", ("ac-nancy-metz.fr",))
    create_group(nancy, "tous", GroupWords("Tous", "tous"), by=BY, reason="tests", now=timezone.now())
    with pytest.raises(NotFound):
        told(claire, group="tous")
