"""An attack on the doors without lanes (activation, recovery) is a wave like one on passwords, told once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from casier.directory.models import Account, Mandate, Office
from casier.identity.activation import proving
from casier.identity.guard import lanes, waves
from casier.identity.guard.models import AttackWave
from casier.identity.means.api import CodePurpose
from casier.identity.recovery import letter_code, tickets
from casier.identity.recovery.tickets import Asker
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from engines.guard_scene import at, notices
from engines.portal_scene import HOST, browser, claire, emptied, redis_server
from engines.recovery_scene import Outside, ask, outside, post, reachable
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "outside", "reachable", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
NOW = 1_800_000_000.0
NOBODY = "jeanne.personne"


@pytest.fixture
def officer(reachable: Account) -> Account:
    """The security officer of Claire's academy."""
    made = person(reachable.academy, "Ève", "Sentinelle", PASSWORD)
    Account.objects.filter(pk=made.pk).update(state="active")
    Mandate.objects.create(
        account=made, office=Office.SECURITY, academy=reachable.academy, starts_at=timezone.now()
    )
    return made


def place(number: int) -> str:
    return f"198.51.100.{number}"


def wrong_activations(owner: Account, count: int) -> None:
    for number in range(count):
        shown = proving.Shown(owner.academy, place(number), numen=Secret(f"76E{number:07d}ABC"))
        assert isinstance(proving.prove(shown, NOW), proving.NotProved)


def wrong_codes(owner: Account, count: int) -> None:
    """Recovery codes for names that somebody has and that nobody has."""
    for number in range(count):
        name = "claire.lefevre" if number % 2 else f"personne-{number}"
        asker = Asker(name, owner.academy, place(100 + number))
        ticket = tickets.new_ticket()
        assert tickets.proved_by(ticket, "12345678", CodePurpose.RECOVERY, asker, NOW) is None


def test_an_attack_spread_over_the_other_doors_is_one_wave_and_one_alert(
    reachable: Account, officer: Account
) -> None:
    """Forty activations and forty codes: at neither door would it be a wave."""
    wrong_activations(reachable, 40)
    assert waves.look(NOW + 5) == 0
    wrong_codes(reachable, 40)
    assert waves.look(NOW + 10) == 1
    assert waves.look(NOW + 15) == 1
    assert notices(officer).count("attack_wave") == 1
    assert redis().exists(lanes.wave_key("rouen"))
    waves.look(NOW + 65)
    wave = AttackWave.objects.get()
    assert wave.failures == 80
    assert 55 <= wave.accounts <= 67  # forty, twenty that nobody has, and Claire
    assert 75 <= wave.sources <= 85


def test_slips_of_a_morning_when_many_get_in_are_no_wave(reachable: Account, officer: Account) -> None:
    wrong_activations(reachable, 50)
    wrong_codes(reachable, 20)
    for _newcomer in range(30):
        lanes.count_right(redis(), "rouen", NOW)
    assert waves.look(NOW + 5) == 0
    assert notices(officer) == []


def counted() -> int:
    """Failures at Rouen's doors, whatever the minute."""
    return sum(int(str(redis().get(key))) for key in redis().keys("casier:guard:wrong:rouen:*"))


@pytest.mark.parametrize("name", ["claire.lefevre", NOBODY])
def test_a_wrong_code_by_the_web_counts_for_any_name(
    browser: Client, reachable: Account, outside: Outside, name: str
) -> None:
    ask(browser, "sms", name)
    outside.work()
    assert post(browser, "/oubli/code/", code="000000").status_code == 422
    assert counted() == 1
    code = letter_code.draw().reveal()
    assert post(at(7), "/oubli/lettre/", identifiant=name, code=code).status_code == 422
    assert counted() == 2


def test_what_was_not_looked_at_makes_no_wave(browser: Client, reachable: Account) -> None:
    """Or whoever is over their limit would raise the alarm alone, by asking on."""
    asker = Asker(NOBODY, reachable.academy, place(1))
    for _try in range(tickets.MOST_FROM_ONE_SOURCE + 20):
        tickets.proved_by(tickets.new_ticket(), "12345678", CodePurpose.RECOVERY, asker, NOW)
    assert counted() == tickets.MOST_FROM_ONE_SOURCE


def test_what_is_counted_holds_no_name(reachable: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    people: list[str] = []
    monkeypatch.setattr(lanes, "count_wrong", lambda _redis, _academy, whom, *_: people.append(whom))
    wrong_codes(reachable, 2)
    wrong_activations(reachable, 1)
    assert len(set(people)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", whom) for whom in people)


def test_activations_count_at_their_own_academy(reachable: Account) -> None:
    visitor = Client(headers={"Host": HOST, "X-Real-IP": place(3)})
    assert post(visitor, "/activation/", numen="76E7654321ZZZ").status_code == 302
    post(visitor, "/activation/naissance/", jour="14", mois="3", annee="1987")
    assert post(visitor, "/activation/nom/", nom="Personne").status_code == 422
    assert counted() == 1
