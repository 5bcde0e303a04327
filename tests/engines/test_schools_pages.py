"""A school's pages, with a real Redis: what a head sees and does there, and what they don't."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import (
    Academy,
    Account,
    FunctionalMailbox,
    Membership,
    Office,
    Posting,
    PostingSource,
    Role,
    School,
)
from casier.schools import api
from casier.schools.models import Leaving, Request
from engines.console_scene import (
    MONOD,
    active,
    change,
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
from unit.identity_people import BY, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
SCHOOL = f"/console/etablissements/{MONOD}/"


@pytest.fixture
def monod(claire: Account) -> School:
    """Collège Monod, where Claire teaches, with a mailbox that she answers."""
    school = School.objects.get(uai=MONOD)
    Posting.objects.create(person=claire.person, school=school, function="ENS", source=PostingSource.FEED)
    return school


@pytest.fixture
def box(monod: School, claire: Account) -> FunctionalMailbox:
    why: dict[str, Any] = {"by": BY, "reason": "tests", "now": timezone.now()}
    made = actions.create_functional_mailbox(monod.academy, actions.NewMailbox("Accueil", monod), **why)
    actions.set_member(made, claire, Role.ANSWER, **why)
    return made


def digest(answer: Any) -> str:
    found = re.search(r'name="vu" value="([0-9a-f]+)"', answer.content.decode())
    assert found
    return found[1]


def head_of(where: Academy) -> Client:
    return holder(where, Office.HEAD, "Morel", MONOD)


def test_a_head_lands_on_their_school_and_sees_its_people(
    rouen: Academy, claire: Account, box: FunctionalMailbox
) -> None:
    head = head_of(rouen)
    landed = get(head, "/console/etablissements/")
    assert (landed.status_code, landed["Location"]) == (302, SCHOOL)
    shown = said(get(head, SCHOOL))
    for words in (
        "Collège Monod",
        "Claire Lefèvre",
        "Enseignement",
        "Accueil",
        "Alix Morel",
        "sans gestionnaire",
    ):
        assert words in shown
    assert "Dire son départ" in said(get(head, page_of(claire)))


def test_what_a_head_does_not_see_of_a_person(rouen: Academy, claire: Account, monod: School) -> None:
    other = actions.create_school(
        rouen, NewSchool("0271234" + letter("0271234"), "Lycée Secret"), by=BY, reason="t", now=timezone.now()
    )
    Posting.objects.create(person=claire.person, school=other, function="ENS")
    shown = said(get(head_of(rouen), page_of(claire)))
    assert "Travaille aussi dans un autre établissement" in shown
    for hidden in ("Lycée Secret", "Connexions", "Sessions", "second facteur", "Ce qui a été fait"):
        assert hidden not in shown


def letter(digits: str) -> str:
    from casier.kernel.uai import key_letter

    return key_letter(digits)


def test_a_departure_is_looked_at_done_and_taken_back(
    rouen: Academy, claire: Account, monod: School, box: FunctionalMailbox
) -> None:
    head = head_of(rouen)
    path = f"{SCHOOL}depart/{claire.pk}/"
    seen = get(head, path)
    assert "«\u00a0Accueil\u00a0» ne lui est plus ouverte" in said(seen)
    assert "le compte fermera le" in said(seen)
    assert post(head, path, vu=digest(seen)).status_code == 422  # no reason
    done = post(head, path, vu=digest(seen), motif="mutation à Nantes", vers=str(box.pk))
    assert (done.status_code, done["Location"]) == (302, SCHOOL)
    claire.refresh_from_db()
    assert claire.state == "leaving"
    assert not Membership.objects.filter(account=claire).exists()
    row = Leaving.objects.get()
    assert "mutation à Nantes" in said(get(head, SCHOOL))
    back = post(head, f"{SCHOOL}retour/{row.pk}/", motif="erreur")
    assert back.status_code == 302
    claire.refresh_from_db()
    assert claire.state == "active"
    assert Membership.objects.get(account=claire).role == "answer"


def test_a_page_that_is_no_longer_true_is_shown_again(
    rouen: Academy, claire: Account, box: FunctionalMailbox
) -> None:
    head = head_of(rouen)
    path = f"{SCHOOL}depart/{claire.pk}/"
    seen = digest(get(head, path))
    Membership.objects.all().delete()
    again = post(head, path, vu=seen, motif="mutation")
    assert again.status_code == 422
    assert "relisez" in said(again)
    assert digest(again) != seen
    assert not Leaving.objects.exists()


@pytest.mark.parametrize("day", ["2020-01-01", "2999-01-01", "demain", "2026-13-40"])
def test_days_that_cannot_be(rouen: Academy, claire: Account, monod: School, day: str) -> None:
    head = head_of(rouen)
    path = f"{SCHOOL}depart/{claire.pk}/"
    assert "Choisissez un jour" in said(get(head, f"{path}?jour={day}"))
    assert post(head, path, jour=day, motif="x").status_code == 422
    assert not Leaving.objects.exists()


def test_another_school_is_not_there(rouen: Academy, claire: Account, box: FunctionalMailbox) -> None:
    """To the head of another school it all looks as if it weren't there; to the help desk it is read-only."""
    there = actions.create_school(
        rouen, NewSchool("0271234" + letter("0271234"), "Lycée B"), by=BY, reason="t", now=timezone.now()
    )
    api.depart(claire, School.objects.get(uai=MONOD), by=cli(), reason="t", now=timezone.now())
    Posting.objects.update(ends_on=None)
    row = Leaving.objects.get()
    stranger = holder(rouen, Office.HEAD, "Autre", there.uai)
    paths = [
        SCHOOL, f"{SCHOOL}depart/{claire.pk}/", f"{SCHOOL}retour/{row.pk}/", f"{SCHOOL}confirmer/{row.pk}/",
        f"{SCHOOL}boite/", f"{SCHOOL}boites/{box.pk}/", f"{SCHOOL}boites/{box.pk}/membre/",
        f"{SCHOOL}boites/{box.pk}/membre/{claire.pk}/", f"{SCHOOL}boites/{box.pk}/fermer/",
        # …nor through their own school.
        f"/console/etablissements/{there.uai}/boites/{box.pk}/",
        f"/console/etablissements/{there.uai}/boites/{box.pk}/membre/",
        f"/console/etablissements/{there.uai}/depart/{claire.pk}/",
        f"/console/etablissements/{there.uai}/retour/{row.pk}/",
        f"/console/boites/{uuid.uuid4()}/", page_of(claire), "/console/etablissements/0000000A/",
    ]  # fmt: skip
    for path in paths:
        assert get(stranger, path).status_code == 404, path
        assert post(stranger, path, motif="x", membre="a", nom="a", acte="accepter").status_code in {404, 405}
    desk = holder(rouen, Office.HELP_DESK, "Assistance")
    assert get(desk, SCHOOL).status_code == 200
    assert "Demander une boîte" not in said(get(desk, SCHOOL))
    for path in paths[1:5]:
        assert post(desk, path, motif="x").status_code == 403


def cli() -> Any:
    from casier.audit.api import Actor

    return Actor.operator("tests")


def test_members_are_named_changed_and_taken_away(
    rouen: Academy, claire: Account, monod: School, box: FunctionalMailbox
) -> None:
    head = head_of(rouen)
    eva = active(person(rouen, "Eva", "Interne"))
    Posting.objects.create(person=eva.person, school=monod, function="ADF")
    add, one = f"{SCHOOL}boites/{box.pk}/membre/", f"{SCHOOL}boites/{box.pk}/membre/{eva.pk}/"
    assert "eva.interne@" in get(head, add).content.decode()
    assert post(head, add, membre="interne", role="manage", motif="secrétariat").status_code == 302
    assert Membership.objects.get(account=eva).role == "manage"
    assert "dernier gestionnaire" in said(get(head, one))
    assert post(head, one, acte="changer", role="read", etait="manage", motif="x").status_code == 302
    assert Membership.objects.get(account=eva).role == "read"
    assert post(head, one, acte="retirer", etait="manage", motif="x").status_code == 422  # stale
    assert post(head, one, acte="retirer", etait="read", motif="x").status_code == 302
    assert not Membership.objects.filter(account=eva).exists()
    for wrong in ("", "personne", "nobody@ac-rouen.fr", "'; drop table"):
        assert post(head, add, membre=wrong, role="read", motif="x").status_code == 422


def test_somebody_of_another_school_is_asked_for(
    rouen: Academy, claire: Account, box: FunctionalMailbox
) -> None:
    head, dsi = head_of(rouen), holder(rouen, Office.DSI, "Directrice")
    active(person(rouen, "Luc", "Ailleurs"))
    add = f"{SCHOOL}boites/{box.pk}/membre/"
    sent = {"membre": "luc.ailleurs@ac-rouen.fr", "role": "read", "motif": "projet commun"}
    assert post(head, add, **sent).status_code == 302
    row = Request.objects.get()
    assert get(dsi, "/console/boites/").content.decode().count(str(row.pk)) == 1
    assert post(head, f"/console/boites/{row.pk}/", acte="accepter").status_code == 422
    assert post(dsi, f"/console/boites/{row.pk}/", acte="refuser").status_code == 422  # why?
    assert post(dsi, f"/console/boites/{row.pk}/", acte="accepter").status_code == 302
    assert Membership.objects.filter(account__person__given_name="Luc").exists()
    change(rouen, "schools.members_elsewhere=never")
    active(person(rouen, "Rose", "Ailleurs"))
    sent["membre"] = "rose.ailleurs@ac-rouen.fr"
    assert "la politique ne l’admet pas" in said(post(head, add, **sent))


def test_a_mailbox_is_asked_for_and_opened(rouen: Academy, claire: Account, monod: School) -> None:
    head, dsi = head_of(rouen), holder(rouen, Office.DSI, "Directrice")
    ask = f"{SCHOOL}boite/"
    assert "gestion." in get(head, ask).content.decode()
    assert post(head, ask, nom="", motif="x").status_code == 422
    assert post(head, ask, nom="Vie scolaire", motif="").status_code == 422
    assert post(head, ask, nom="Vie scolaire", motif="les CPE").status_code == 302
    twice = post(head, ask, nom="Vie scolaire", motif="encore")
    assert "déjà demandé" in said(twice)
    row = Request.objects.get()
    assert "Vie scolaire" in said(get(head, SCHOOL))
    seen = get(dsi, f"/console/boites/{row.pk}/")
    assert "les CPE" in said(seen)
    assert post(dsi, f"/console/boites/{row.pk}/", acte="accepter").status_code == 302
    box = FunctionalMailbox.objects.get(name="Vie scolaire")
    assert box.addresses.get(is_primary=True).address == f"vie-scolaire.{MONOD.lower()}@ac-rouen.fr"
    late = post(dsi, f"/console/boites/{row.pk}/", acte="refuser", motif="x")
    assert late.status_code == 422
    closing = post(head, f"{SCHOOL}boites/{box.pk}/fermer/", motif="plus utile")
    assert closing.status_code == 302
    assert not FunctionalMailbox.objects.get(pk=box.pk).is_closed
    assert post(dsi, f"{SCHOOL}boites/{box.pk}/fermer/", motif="doublon").status_code == 422  # asked already


def test_the_dsi_gives_another_address(rouen: Academy, claire: Account, monod: School) -> None:
    head, dsi = head_of(rouen), holder(rouen, Office.DSI, "Directrice")
    post(head, f"{SCHOOL}boite/", nom="Vie scolaire", motif="les CPE")
    row = Request.objects.get()
    page = f"/console/boites/{row.pk}/"
    shown = get(dsi, page).content.decode()
    assert f'value="vie-scolaire.{MONOD.lower()}"' in shown
    assert 'name="local"' not in get(head, page).content.decode()
    taken = claire.addresses.get(is_primary=True).address
    for local, domain in ((taken.partition("@")[0], "ac-rouen.fr"), ("<b>", "ac-rouen.fr"), ("cpe", "x.fr")):
        wrong = post(dsi, page, acte="accepter", local=local, domaine=domain)
        assert wrong.status_code == 422
        assert 'id="local-erreur"' in wrong.content.decode()
        assert "<b>" not in wrong.content.decode()
    assert post(dsi, page, acte="accepter", local="cpe.monod", domaine="ac-rouen.fr").status_code == 302
    box = FunctionalMailbox.objects.get(name="Vie scolaire")
    assert box.addresses.get(is_primary=True).address == "cpe.monod@ac-rouen.fr"
    answered = said(get(head, page))
    assert "Adresse donnée" in answered
    assert "cpe.monod@ac-rouen.fr" in answered


def test_who_asked_takes_it_back(rouen: Academy, claire: Account, monod: School) -> None:
    head = head_of(rouen)
    post(head, f"{SCHOOL}boite/", nom="Gestion", motif="x")
    row = Request.objects.get()
    assert post(head, f"/console/boites/{row.pk}/", acte="reprendre").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_the_page_asks_little_of_the_database(
    rouen: Academy, box: FunctionalMailbox, monod: School, django_assert_max_num_queries: Any
) -> None:
    head = head_of(rouen)
    for name in ("Ada", "Bob", "Cyr", "Dan", "Eve", "Fox"):
        one = active(person(rouen, name, "Nombreux"))
        Posting.objects.create(person=one.person, school=monod, function="ENS")
    with django_assert_max_num_queries(60):
        assert get(head, SCHOOL).status_code == 200


def test_the_dsi_comes_to_a_departure_from_the_person(rouen: Academy, claire: Account, monod: School) -> None:
    path = f"{SCHOOL}depart/{claire.pk}/"
    assert path in get(holder(rouen, Office.DSI, "Directrice"), page_of(claire)).content.decode()
    desk = holder(rouen, Office.HELP_DESK, "Assistance")
    assert path not in get(desk, page_of(claire)).content.decode()


def test_where_the_academy_usually_redirects_the_school_s_mailbox_is_offered_first(
    rouen: Academy, monod: School, box: FunctionalMailbox, claire: Account
) -> None:
    head = holder(rouen, Office.HEAD, "Cheffe", MONOD)
    page = f"{SCHOOL}depart/{claire.pk}/"
    chosen = re.compile(rf'<option value="{box.pk}" selected>')
    change(rouen, "leaving.then=redirected")
    assert chosen.search(get(head, page).content.decode())
    change(rouen, "leaving.then=closed")
    assert not chosen.search(get(head, page).content.decode())
