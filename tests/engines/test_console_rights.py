"""An office is lent, used and taken back; a review is asked, answered, exported: in the console."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.models import Academy, Account, Mandate, Membership, Office, Posting, Role, School
from casier.identity.dispatch.models import Dispatch
from casier.rights.api import Review, start_review
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    active,
    charge,
    claire,
    get,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, academy, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DSI, DESK, HEAD = Office.DSI, Office.HELP_DESK, Office.HEAD


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_an_office_is_lent_an_act_is_done_with_it_and_it_ends(rouen: Academy, claire: Account) -> None:
    mine, colleague = holder(rouen, DESK, "Lender"), holder(rouen, None, "Colleague")
    assert get(colleague, page_of(claire)).status_code == 404
    row = Mandate.objects.get()
    lend = f"/console/mes-charges/{row.pk}/preter/"
    assert "Prêter" in said(get(mine, "/console/mes-charges/"))
    address = "alix.colleague@ac-rouen.fr"
    for wrong in (
        {"collegue": "nobody@ac-rouen.fr", "fin": day(5)}, {"collegue": address, "fin": ""},
        {"collegue": address, "fin": day(400)}, {"collegue": address, "fin": day(-2)},
        {"collegue": "alix.lender@ac-rouen.fr", "fin": day(5)},
    ):  # fmt: skip
        assert post(mine, lend, motif="Congé", **wrong).status_code == 422, wrong
    assert post(mine, lend, collegue=address, fin=day(5), motif="Congé").status_code == 302
    loan = Mandate.objects.get(shared_from=row)
    last = date_format(date.fromisoformat(day(5)), "j F Y")
    for page in ("/console/mes-charges/", f"/console/mes-charges/{loan.pk}/fin/"):
        assert f"jusqu’au {last}" in said(get(mine, page)), page
    assert Dispatch.objects.filter(why="rights").count() == 2
    # Done with what was lent, and journalled with the name of who did it.
    assert post(colleague, page_of(claire, "deconnecter/"), motif="Poste oublié").status_code == 302
    assert JournalEntry.objects.filter(actor=f"account:{loan.account.public_id}").exists()
    # Not lent further, and no way for a third person.
    assert get(colleague, f"/console/mes-charges/{loan.pk}/preter/").status_code == 404
    third = holder(rouen, DESK, "Third")
    for path in (lend, f"/console/mes-charges/{loan.pk}/fin/"):
        assert post(third, path, motif="x", collegue=address, fin=day(5)).status_code == 404
    assert "Colleague" in said(get(mine, "/console/mes-charges/"))
    assert post(mine, f"/console/mes-charges/{loan.pk}/fin/", motif="").status_code == 422
    assert post(mine, f"/console/mes-charges/{loan.pk}/fin/", motif="De retour").status_code == 302
    assert get(colleague, page_of(claire)).status_code == 404
    assert post(colleague, page_of(claire, "deconnecter/"), motif="encore").status_code == 404


def test_a_loan_of_the_dsi_gives_no_office(rouen: Academy, claire: Account) -> None:
    mine, colleague = holder(rouen, DSI, "Lender"), holder(rouen, None, "Colleague")
    row = Mandate.objects.get()
    sent = {"collegue": "alix.colleague@ac-rouen.fr", "fin": day(5), "motif": "Congé"}
    assert post(mine, f"/console/mes-charges/{row.pk}/preter/", **sent).status_code == 302
    assert get(colleague, page_of(claire)).status_code == 200
    assert post(colleague, page_of(claire, "charge/"), motif="x", charge="dsi").status_code == 403
    assert get(colleague, "/console/charges/").status_code == 403
    assert get(colleague, "/console/revues/").status_code == 403
    loan = Mandate.objects.get(shared_from=row)
    assert post(colleague, f"/console/mes-charges/{loan.pk}/fin/", motif="Fini").status_code == 302
    assert get(colleague, page_of(claire)).status_code == 404


def test_a_review_is_confirmed_and_ended_by_who_is_in_charge(rouen: Academy, claire: Account) -> None:
    monod = School.objects.get(uai=MONOD)
    Posting.objects.create(person=claire.person, school=monod, function="ENS")
    why: dict[str, Any] = {"by": BY, "reason": "tests", "now": timezone.now()}
    box = actions.create_functional_mailbox(rouen, actions.NewMailbox("=Monod", monod), **why)
    actions.set_member(box, claire, Role.MANAGE, **why)
    desk = active(person(rouen, "Luc", "Desk"))
    charge(desk, DESK, MONOD)
    dsi, head = holder(rouen, DSI, "Dsi"), holder(rouen, HEAD, "Head", MONOD)
    far = School.objects.create(academy=rouen, uai="0760001X", name="Ailleurs")
    other = holder(rouen, HEAD, "Autre", far.uai)
    assert post(head, "/console/revues/ouvrir/").status_code == 404
    assert post(dsi, "/console/revues/ouvrir/").status_code == 302
    review = Review.objects.get()
    home = f"/console/revues/{review.pk}/"
    lines = {line.facts["name"] + line.kind: line for line in review.lines.all()}
    manager, desks = lines["Claire Lefèvremanager"], lines["Luc Deskmandate"]
    heads, dsis = lines["Alix Headmandate"], lines["Alix Dsimandate"]
    # Whoever may answer is told so where they begin: of all that they answer for, but what they hold.
    for visitor, words in ((head, "2 droits à confirmer"), (dsi, f"{review.lines.count() - 1} droits à")):
        assert words in said(get(visitor, "/console/")), words
    assert "à confirmer" not in said(get(holder(rouen, DESK, "Assistance"), "/console/"))
    seen = said(get(head, home))
    assert "Claire" in seen
    assert "Dsi" not in seen
    # A head answers neither for themselves, nor for the academy, nor for another school.
    for line in (heads, dsis):
        post(head, home, ligne=line.pk)
        assert post(head, f"{home}{line.pk}/", motif="x").status_code == 404
    assert "Claire" not in said(get(other, home))
    post(other, home, ligne=manager.pk)
    assert post(other, f"{home}{manager.pk}/", motif="x").status_code == 404
    assert set(review.lines.values_list("answer", flat=True)) == {""}
    assert post(head, home, ligne=desks.pk).status_code == 302
    assert post(head, f"{home}{manager.pk}/", motif="").status_code == 422
    assert post(head, f"{home}{manager.pk}/", motif="A changé de service").status_code == 302
    assert not Membership.objects.filter(account=claire).exists()
    assert post(dsi, home, ligne=heads.pk).status_code == 302
    assert post(dsi, f"{home}{dsis.pk}/", motif="x").status_code == 404  # oneself
    found = {line.pk: line.answer for line in review.lines.all()}
    assert found[desks.pk] == found[heads.pk] == "confirmed"
    assert found[manager.pk] == "withdrawn"
    assert get(head, f"{home}rapport.csv").status_code in {403, 404}
    text = get(dsi, f"{home}rapport.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    told = next(row for row in rows if row["Droit"] == "gère une boîte fonctionnelle")
    assert told["Où"] == "'=Monod"  # no formula
    assert (told["Réponse"], told["Répondu par"]) == ("retiré", "Alix Head")
    assert get(dsi, f"{home}rapport.json").json()["withdrawn"] == 1


def test_a_review_of_another_academy_is_not_there(rouen: Academy, claire: Account) -> None:
    start_review(rouen, by=DESK_OPERATOR, now=timezone.now())
    elsewhere = academy("amiens", ("ac-amiens.fr",))
    visitor = holder(elsewhere, DSI, "Voisin")
    review = Review.objects.get()
    for end in ("", "rapport.csv", "rapport.json"):
        assert get(visitor, f"/console/revues/{review.pk}/{end}").status_code == 404
    assert post(visitor, "/console/revues/ouvrir/", academie="rouen").status_code == 404


def test_offices_are_given_for_a_department_or_a_network(rouen: Academy, claire: Account) -> None:
    School.objects.filter(uai=MONOD).update(department="76")
    net = rouen.networks.create(slug="rep", name="REP Monod")
    visitor = holder(rouen, DSI)
    give = page_of(claire, "charge/")
    for wrong in (
        {"charge": "head"}, {"charge": "help_desk", "departement": "14"},
        {"charge": "help_desk", "reseau": "none"}, {"charge": "dsi", "departement": "76", "reseau": "rep"},
    ):  # fmt: skip
        assert post(visitor, give, motif="x", **wrong).status_code == 422, wrong
    assert post(visitor, give, motif="x", charge="help_desk", departement="76").status_code == 302
    assert post(visitor, give, motif="x", charge="help_desk", reseau="rep").status_code == 302
    rows = Mandate.objects.filter(account=claire)
    assert set(rows.values_list("department", "network")) == {("76", None), ("", net.pk)}
    seen = said(get(visitor, "/console/charges/"))
    assert "département 76" in seen
    assert "REP Monod" in seen
