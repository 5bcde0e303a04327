"""What the DSI decides in the console: the policy, and who holds an office."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casier.directory.models import Academy, Account, Mandate, Posting, School
from casier.policies.api import policy_for
from engines.console_matrix import DSI
from engines.console_scene import (
    MONOD,
    claire,
    get,
    hidden,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def lock(**changed: str) -> dict[str, str]:
    fields = {
        "attempts": "5",
        "scope": "lane",
        "minutes": "15",
        "factor_attempts": "5",
        "on_unusual": "ignore",
    }
    return {f"lock.{name}": value for name, value in {**fields, **changed}.items()}


def test_a_policy_is_changed_after_a_look_at_what_changes(rouen: Academy) -> None:
    visitor = holder(rouen, DSI)
    page = said(get(visitor, "/console/politique/rouen/"))
    assert "Essais avant blocage" in page
    assert "ASVS 6.4.1" in page
    preview = post(visitor, "/console/politique/rouen/lock/", **lock(scope="account"))
    assert "le compte entier" in said(preview)
    assert "ASVS 6.1.1" in said(preview)
    assert policy_for(rouen).lock.scope == "lane"
    sent = hidden(preview)
    assert post(visitor, "/console/politique/rouen/appliquer/", **sent).status_code == 422
    assert post(visitor, "/console/politique/rouen/appliquer/", **sent, motif="Comité").status_code == 302
    assert policy_for(rouen).lock.scope == "account"
    # The same page again: someone has changed it since.
    late = post(visitor, "/console/politique/rouen/appliquer/", **sent, motif="Comité")
    assert late.status_code == 422


def test_what_cannot_stand_is_told_at_its_field(rouen: Academy) -> None:
    visitor = holder(rouen, DSI)
    answer = post(visitor, "/console/politique/rouen/lock/", **lock(attempts="1"))
    assert answer.status_code == 422
    assert 'id="lock.attempts-erreur"' in answer.content.decode()
    answer = post(visitor, "/console/politique/rouen/recovery/", **{"recovery.link_hours": "24"})
    assert answer.status_code == 422
    assert post(visitor, "/console/politique/rouen/rien/").status_code == 404
    broken = post(visitor, "/console/politique/rouen/ensemble/", toml="[lock]\natempts = 3")
    assert broken.status_code == 422
    assert "atempts" in broken.content.decode()
    bad = {"toml": "[sign_in]\nnames = []", "version": "2", "motif": "x"}
    assert post(visitor, "/console/politique/rouen/appliquer/", **bad).status_code == 404


@pytest.mark.parametrize(
    "section", ["sign_in", "second_factor", "unusual", "password", "accessibility", "reseaux"]
)
def test_each_section_sent_as_it_stands_changes_nothing(rouen: Academy, section: str) -> None:
    visitor = holder(rouen, DSI)
    path = f"/console/politique/rouen/{section}/"
    text = get(visitor, path).content.decode()
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', text):
        sent[name] = value
    for name in re.findall(r'<input type="checkbox" id="[^"]+" name="([^"]+)" checked', text):
        sent[name] = "on"
    for name, value in re.findall(r'type="checkbox" id="[^"]+" name="([^"]+)" value="([^"]+)" checked', text):
        sent.setdefault(name, []).append(value)
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]+)" selected', inside)
        assert chosen
        sent[name] = chosen[1]
    assert "Rien ne change" in said(post(visitor, path, **sent))


def test_a_whole_set_can_be_taken(rouen: Academy) -> None:
    visitor = holder(rouen, DSI)
    preview = post(visitor, "/console/politique/rouen/ensemble/", jeu="amiens")
    post(visitor, "/console/politique/rouen/appliquer/", **hidden(preview), motif="essai")
    assert policy_for(rouen).sign_in.names == ("address",)


def test_an_office_is_given_and_taken_back(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DSI)
    day = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%d")
    answer = post(
        visitor, page_of(claire, "charge/"), motif="Renfort", charge="help_desk", uai=MONOD, fin=day
    )
    assert answer.status_code == 302
    row = Mandate.objects.get(account=claire)
    assert (row.office, row.school and row.school.uai, row.reason) == ("help_desk", MONOD, "Renfort")
    for wrong in ({"charge": "roi"}, {"charge": "dsi", "uai": "0000000A"}, {"charge": "dsi", "fin": "hier"}):
        assert post(visitor, page_of(claire, "charge/"), motif="x", **wrong).status_code == 422
    assert "Renfort" in get(visitor, "/console/charges/").content.decode()
    assert post(visitor, f"/console/charges/{row.pk}/fin/", motif="").status_code == 422
    assert post(visitor, f"/console/charges/{row.pk}/fin/", motif="départ").status_code == 302
    row.refresh_from_db()
    assert row.ended_at
    own = Mandate.objects.get(office=DSI)
    assert post(visitor, f"/console/charges/{own.pk}/fin/", motif="x").status_code == 422
    assert get(visitor, "/console/charges/").status_code == 200


def test_a_dsi_of_one_school_gives_no_office(rouen: Academy, claire: Account) -> None:
    Posting.objects.create(person=claire.person, school=School.objects.get(uai=MONOD), function="ENS")
    visitor = holder(rouen, DSI, school=MONOD)
    assert get(visitor, page_of(claire)).status_code == 200
    assert post(visitor, page_of(claire, "charge/"), motif="x", charge="dsi").status_code == 403
    assert not Mandate.objects.filter(account=claire).exists()
