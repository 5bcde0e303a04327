"""Lists, acts on many, figures and the journal of another academy: chosen by who may, closed to the rest."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.console.many import working
from casier.console.models import Operation
from casier.directory import actions
from casier.directory.actions import NewMandate, NewSchool
from casier.directory.models import Academy, Account, Office, Posting, School
from casier.groups.actions import GroupWords, create_group
from casier.kernel.uai import key_letter
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    OPEN,
    ZAY,
    active,
    change,
    claire,
    get,
    holder,
    open_doors,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, academy, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DSI, DESK = Office.DSI, Office.HELP_DESK
FAR = "0601235" + key_letter("0601235")


@pytest.fixture
def amiens(rouen: Academy, claire: Account) -> Academy:
    """Two people: Hugo works at Zay in the Somme, Lina in the Oise."""
    made = academy("amiens", ("ac-amiens.fr",))
    change(made, *OPEN, "second_factor.enrolment_days=0", "second_factor.grace_days=0")
    for uai, name, department in ((ZAY, "Lycée Zay", "80"), (FAR, "Collège Far", "60")):
        actions.create_school(made, NewSchool(uai, name), by=BY, reason="tests", now=timezone.now())
        School.objects.filter(uai=uai).update(department=department)
    for given, family, uai in (("Hugo", "Delacroix", ZAY), ("Lina", "Morel", FAR)):
        one = active(person(made, given, family))
        Posting.objects.create(person=one.person, school=School.objects.get(uai=uai), function="ENS")
    return made


def officer(where: Academy, *mandates: NewMandate, office: Office | None = DSI) -> Client:
    """Who works for WHERE with an office there, and with MANDATES elsewhere."""
    visitor = holder(where, office, "Officier")
    me = Account.objects.get(person__family_name="Officier")
    for one in mandates:
        actions.give_mandate(me, one, by=DESK_OPERATOR, reason="région", now=timezone.now())
    return visitor


def operation(answer: Any) -> Operation:
    assert answer.status_code == 302, said(answer)
    return Operation.objects.get(pk=str(answer["Location"]).split("/")[3])


def states() -> dict[str, str]:
    return dict(Account.objects.values_list("person__family_name", "state"))


def test_who_answers_for_two_academies_chooses_which(rouen: Academy, amiens: Academy) -> None:
    visitor = officer(rouen, NewMandate(DSI, academy=amiens))
    own, other = get(visitor, "/console/listes/"), get(visitor, "/console/listes/?academie=amiens")
    assert "Lefèvre" in said(own)
    assert "Delacroix" not in said(own)
    assert "Delacroix" in said(other)
    assert "Lefèvre" not in said(other)
    text = other.content.decode()
    assert '<option value="amiens" selected>' in text
    assert 'href="/console/listes/exporter/?academie=amiens"' in text
    board = get(visitor, "/console/tableau/?academie=amiens")
    assert "2 comptes" in said(board)
    assert 'href="/console/listes/?academie=amiens&amp;etat=active"' in board.content.decode()
    assert "quoi=etats&amp;academie=amiens" in board.content.decode()
    file = get(visitor, "/console/tableau/chiffres.csv?quoi=etablissements&academie=amiens").content.decode()
    assert "Zay" in file
    assert "Monod" not in file


def test_an_act_on_many_stays_in_the_academy_that_was_chosen(rouen: Academy, amiens: Academy) -> None:
    visitor = officer(rouen, NewMandate(DSI, academy=amiens))
    made = operation(post(visitor, "/console/listes/agir/?academie=amiens", acte="suspend", portee="tous"))
    path = f"/console/operations/{made.pk}/"
    assert made.academy == amiens
    assert "Académie de amiens" in said(get(visitor, path))
    assert "Académie de amiens" in said(get(visitor, f"{path}lancer/"))
    assert "Académie de amiens" in said(get(visitor, "/console/operations/"))
    assert post(visitor, f"{path}lancer/", motif="Essai").status_code == 302
    while working.step():
        pass
    assert states()["Delacroix"] == states()["Morel"] == "suspended"
    assert states()["Lefèvre"] == states()["Officier"] == "active"
    # Somebody of the one academy ticked in a list of the other isn't touched.
    claire = Account.objects.get(person__family_name="Lefèvre")
    ticked = {"acte": "suspend", "portee": "coches", "qui": [str(claire.pk)]}
    strange = operation(post(visitor, "/console/listes/agir/?academie=amiens", **ticked))
    assert list(strange.lines.values_list("status", "why")) == [("refused", "elsewhere")]
    assert post(visitor, "/console/listes/exporter/?academie=amiens", motif="Bilan").status_code == 200
    entry = JournalEntry.objects.get(action="people.exported")
    assert (entry.academy, entry.target) == ("amiens", "academy:amiens")


@pytest.mark.parametrize("slug", ["amiens", "nulle-part", "rouen'--"])
def test_a_forged_academy_is_not_there(rouen: Academy, amiens: Academy, slug: str) -> None:
    visitor = holder(rouen, DSI)
    for page in ("listes/", "listes/exporter/", "tableau/", "tableau/chiffres.csv", "journal/"):
        answer = get(visitor, f"/console/{page}?academie={slug}")
        assert answer.status_code == 404, page
        assert "Delacroix" not in said(answer)
    path = f"/console/listes/agir/?academie={slug}"
    assert post(visitor, path, acte="suspend", portee="tous").status_code == 404
    assert post(visitor, f"/console/listes/exporter/?academie={slug}", motif="x").status_code == 404
    assert not Operation.objects.exists()
    assert not JournalEntry.objects.filter(action="people.exported").exists()


def test_each_ability_reaches_as_far_as_its_own_office(rouen: Academy, amiens: Academy) -> None:
    """DSI here, help desk there: what a DSI may do isn't possible there, by whatever address."""
    visitor = officer(rouen, NewMandate(DESK, academy=amiens))
    page = get(visitor, "/console/listes/?academie=amiens")
    assert "Delacroix" in said(page)
    assert 'value="suspend"' in page.content.decode()
    assert 'value="leave"' not in page.content.decode()
    assert get(visitor, "/console/tableau/?academie=amiens").status_code == 404
    assert get(visitor, "/console/journal/?academie=amiens").status_code == 404
    answer = post(visitor, "/console/listes/agir/?academie=amiens", acte="leave", portee="tous")
    assert answer.status_code == 422
    assert not Operation.objects.exists()


def test_a_department_elsewhere_is_that_department_alone(rouen: Academy, amiens: Academy) -> None:
    create_group(
        amiens, "tous", GroupWords("Tous", "fonction = ENS"), by=BY, reason="tests", now=timezone.now()
    )
    visitor = officer(rouen, NewMandate(DSI, department="80", academy=amiens), office=None)
    for query in ("", "departement=60", f"uai={FAR}", "groupe=tous", "fonction=ENS"):
        page = get(visitor, f"/console/listes/?academie=amiens&{query}")
        assert "Morel" not in said(page), query
        assert "Lefèvre" not in said(page), query
        # Nor is what else there is in the academy offered.
        assert "<option>60</option>" not in page.content.decode()
    assert "Delacroix" in said(get(visitor, "/console/listes/"))
    for query in ("", "lieu=d:60", "lieu=d:80", "lieu="):
        board = said(get(visitor, f"/console/tableau/?academie=amiens&{query}"))
        assert "1 compte" in board, query
        assert "Far" not in board, query
    file = get(visitor, "/console/tableau/chiffres.csv?quoi=etablissements&lieu=d:60").content.decode()
    assert "Far" not in file
    made = operation(post(visitor, "/console/listes/agir/", acte="suspend", portee="tous"))
    assert list(made.lines.values_list("account__person__family_name", flat=True)) == ["Delacroix"]
    assert get(visitor, "/console/listes/?academie=rouen").status_code == 404


def test_who_may_not_see_groups_learns_nothing_by_their_names(rouen: Academy, amiens: Academy) -> None:
    luc = active(person(rouen, "Luc", "Petit"))
    Posting.objects.create(person=luc.person, school=School.objects.get(uai=MONOD), function="ENS")
    create_group(
        rouen, "secret", GroupWords("Secret", "fonction = DIR"), by=BY, reason="tests", now=timezone.now()
    )
    head = holder(rouen, Office.HEAD, school=MONOD)
    assert "Petit" in said(get(head, "/console/listes/"))
    for slug in ("secret", "nulle-part"):
        assert get(head, f"/console/listes/?groupe={slug}").status_code == 404
        assert post(head, f"/console/listes/exporter/?groupe={slug}", motif="x").status_code == 404


def test_an_academy_takes_back_what_somebody_elsewhere_holds_over_it(rouen: Academy, amiens: Academy) -> None:
    officer(rouen, NewMandate(DSI, academy=amiens), office=None)
    row = Account.objects.get(person__family_name="Officier").mandates.get()
    theirs, ours = holder(amiens, DSI, "Chef"), holder(rouen, DSI, "Autre")
    assert "Officier" in said(get(theirs, "/console/charges/"))
    assert post(ours, f"/console/charges/{row.pk}/fin/", motif="non").status_code in (403, 404)
    assert post(theirs, f"/console/charges/{row.pk}/fin/", motif="Fini").status_code == 302
    row.refresh_from_db()
    assert row.ended_at


NUMEN = "12E3456789ABC"


def test_a_numen_is_no_criterion_of_a_list(rouen: Academy, amiens: Academy) -> None:
    visitor = holder(rouen, DSI)
    answer = get(visitor, f"/console/listes/?q={NUMEN.lower()}&etat=active")
    assert answer.status_code == 302
    assert NUMEN.lower() not in answer["Location"]
    assert "N’écrivez pas de NUMEN" in said(get(visitor, answer["Location"]))
    for path in ("exporter", "agir"):
        answer = post(visitor, f"/console/listes/{path}/?q={NUMEN}", acte="suspend", portee="tous", motif="x")
        assert answer.status_code == 404
    assert not Operation.objects.exists()


def test_a_search_leads_to_the_list_and_a_list_to_the_search(rouen: Academy, amiens: Academy) -> None:
    visitor = officer(rouen, NewMandate(DSI, academy=amiens))
    for given in ("Luc", "Eva"):
        person(rouen, given, "Petit")
    assert "academie=amiens" not in get(visitor, "/console/?q=petit").content.decode()
    person(amiens, "Zoé", "Petit")
    text = get(visitor, "/console/?q=petit").content.decode()
    assert 'href="/console/listes/?q=petit"' in text
    assert 'href="/console/listes/?academie=amiens&amp;q=petit"' in text
    assert "Académie de rouen" in text
    assert "deux lettres" in said(get(visitor, "/console/?q=p"))
    assert "en liste" not in get(visitor, "/console/?q=lefevre").content.decode()
    text = get(visitor, "/console/listes/?q=petit%20%26").content.decode()
    assert 'href="/console/?q=petit%20%26"' in text
