"""What becomes of « it wasn't me »: it is journalled, reported, told, and closed by who may."""

from __future__ import annotations

import json

import pytest

from casier.audit.models import JournalEntry
from casier.directory.errors import WrongState
from casier.directory.models import Account, Office
from casier.identity.history.api import ConclusionWanted, as_facts, close_report, report, reports
from casier.identity.history.deciding import Measure
from casier.identity.history.models import Report
from casier.kernel.errors import NotAllowed
from engines.history_scene import Letters, active, bring_all, letters, officer, press, told
from engines.portal_scene import claire, emptied, new_browser, redis_server

__all__ = ["claire", "emptied", "letters", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_it_is_journalled_reported_and_told(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    security, desk = officer(claire.academy), officer(claire.academy, Office.HELP_DESK, "Henri")
    press(new_browser(), told(claire, letters))
    (row,) = reports(claire.academy)
    assert (row.account, row.road, row.event) == (claire, "mailbox", "came_in")
    assert row.done[0][0] == Measure.SUSPEND
    assert JournalEntry.objects.filter(action="identity.disowned", origin="192.0.2.7").exists()
    bring_all()
    subjects = {account: letter.subject for account, letter in letters.mailbox}
    assert subjects[claire] == "Votre compte a été mis en sécurité"
    assert row.reference in subjects[security]
    assert row.reference in subjects[desk]
    assert json.loads(json.dumps(as_facts(row)))["done"][0][0] == "suspend"


def test_an_officer_who_was_robbed_is_not_the_one_to_look_into_it(claire: Account, letters: Letters) -> None:
    robbed, colleague = officer(claire.academy), officer(claire.academy, given="Yves")
    press(new_browser(), told(robbed, letters))
    bring_all()
    told_of_it = [account for account, letter in letters.mailbox if letter.subject.startswith("Signalement")]
    assert told_of_it == [colleague]
    with pytest.raises(NotAllowed):
        close_report(Report.objects.get().reference, "rien à signaler", robbed)


def test_a_report_is_closed_by_who_may_with_words_and_once(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    security = officer(claire.academy)
    press(new_browser(), told(claire, letters))
    reference = Report.objects.get().reference
    with pytest.raises(NotAllowed):
        close_report(reference, "tout va bien", claire)
    with pytest.raises(ConclusionWanted):
        close_report(reference, "  ", security)
    close_report(reference.lower(), "Appelée : c’était elle.", security)
    with pytest.raises(WrongState):
        close_report(reference, "encore", security)
    assert reports(claire.academy) == []
    assert reports(claire.academy, closed=True) == [report(reference)]
