"""The console tells what became of somebody's messages, with a reason that the journal keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from casier.audit.models import JournalEntry, JournalPayload
from casier.directory.models import Academy, Account, Office
from casier.trace.logs import machine_zone
from engines.console_scene import claire, get, holder, open_doors, page_of, post, rouen, said
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def written() -> None:
    """A message for Claire that was refused, in the instance's log."""
    at = timezone.now().astimezone(machine_zone())
    folder = settings.CASIER_INSTANCE.log
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "postfix.log").write_text(
        f"{at:%b} {at.day:2} {at:%H:%M:%S} mail postfix/public/smtpd[8]: NOQUEUE: reject: RCPT from "
        "unknown[203.0.113.5]: 554 5.7.1 <claire.lefevre@ac-rouen.fr>: Relay access denied; "
        "from=<parent@example.org> to=<claire.lefevre@ac-rouen.fr> proto=ESMTP helo=<x>\n",
        "utf-8",
    )


def test_a_message_is_found_and_the_look_is_kept(rouen: Academy, claire: Account, written: None) -> None:
    desk, path = holder(rouen, Office.HELP_DESK), f"{page_of(claire)}messages/"
    assert path in get(desk, page_of(claire)).content.decode()
    assert "Aucun message" not in said(get(desk, path))
    answer = post(desk, path, heures="24", motif="appel 12")
    assert "1 message" in said(answer)
    assert "Relay access denied" in said(answer)
    assert "Aucun message" in said(post(desk, path, heures="24", motif="appel 12", avec="autre@example.org"))
    entries = JournalEntry.objects.filter(action="mail.traced", target=f"account:{claire.public_id}")
    assert [entry.reason for entry in entries] == ["appel 12", "appel 12"]


def test_an_older_time_is_asked_for_by_its_end(rouen: Academy, claire: Account, written: None) -> None:
    desk, path = holder(rouen, Office.HELP_DESK), f"{page_of(claire)}messages/"
    now = timezone.localtime()
    for until, found in ((now + timedelta(hours=1), True), (now - timedelta(hours=2), False)):
        answer = post(desk, path, heures="1", motif="appel 12", jusque=f"{until:%Y-%m-%dT%H:%M}")
        assert ("Relay access denied" in said(answer)) is found
    for odd in ("hier", "2026-13-45T10:00", "20/11/2026", "9" * 40):
        assert post(desk, path, heures="1", motif="appel 12", jusque=odd).status_code == 422
    for far in ("0001-01-01T00:00", "9999-12-31T23:59"):
        assert post(desk, path, heures="1", motif="appel 12", jusque=far).status_code == 200
    assert JournalPayload.objects.filter(facts__until__startswith="0001").exists()


def test_without_a_reason_nothing_is_read(rouen: Academy, claire: Account, written: None) -> None:
    desk, path = holder(rouen, Office.HELP_DESK), f"{page_of(claire)}messages/"
    answer = post(desk, path, heures="24")
    assert answer.status_code == 422
    assert "Relay access denied" not in said(answer)
    assert not JournalEntry.objects.filter(action="mail.traced").exists()


def test_it_is_not_for_everyone(rouen: Academy, claire: Account, written: None) -> None:
    path = f"{page_of(claire)}messages/"
    for office in (Office.DPO, Office.LIST_OWNER):
        assert post(holder(rouen, office, office.value), path, motif="x").status_code in {403, 404}
    assert not JournalEntry.objects.filter(action="mail.traced").exists()
