"""The console's pages of departures: days as people say them, and mistyped ones at their field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casier.console.schooling import day_words
from casier.directory.models import Academy, Account, AccountState, Office
from casier.life.models import Departure
from engines.console_scene import claire, holder, open_doors, post, rouen, said
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chief(rouen: Academy) -> Any:
    return holder(rouen, Office.DSI, "Chef")


def leave(chief: Any, account: Account, **typed: str) -> Any:
    return post(chief, f"/console/personnes/{account.pk}/vie/partir/", motif="mutation", **typed)


@pytest.mark.parametrize("typed", ["2206-09-01", "demain"])
def test_a_mistyped_last_day_is_told_at_its_field(chief: Any, claire: Account, typed: str) -> None:
    answer = leave(chief, claire, **{"dernier-jour": typed})
    assert answer.status_code == 422
    assert 'id="dernier-jour-erreur"' in answer.content.decode()
    assert not Departure.objects.exists()


def test_between_which_days_it_may_close_is_told_in_words(chief: Any, claire: Account) -> None:
    today = timezone.localdate()
    answer = leave(chief, claire, fermeture=(today + timedelta(days=300)).isoformat())
    assert answer.status_code == 422
    assert f"au {day_words(today + timedelta(days=30))}" in said(answer)
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE
