"""The console: who may come in and how far, and what is done there, with a real Redis."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import URLPattern
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.console.many import operating
from casier.console.many.acts import ManyAct
from casier.console.models import SheetFile
from casier.console.urls import urlpatterns
from casier.contributors.models import Request, Stay
from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Academy, Account, AccountState, Mandate, Office, Posting, Role, School
from casier.feed.models import ReviewItem, Run
from casier.groups.actions import GroupWords, create_group
from casier.identity.activation.api import ask_correction
from casier.identity.activation.models import Wrong
from casier.identity.history import api as history
from casier.identity.history.models import NoticeSent
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Check
from casier.policies.api import policy_for
from casier.privacy.models import PersonExport
from casier.rights.api import start_review
from casier.schools import api as schools
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    OPEN,
    ZAY,
    active,
    change,
    charge,
    claire,
    get,
    hidden,
    holder,
    open_doors,
    page_of,
    post,
    reported,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, academy, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
STRONG = [Check.CALLED_BACK, Check.DOCUMENT]


# Who may come in ------------------------------------------------------------------------------------
def everything(claire: Account) -> dict[str, str]:
    """Each address of the console, about things that are there: the route, and a path that it takes."""
    reset = recovery.start_reset(claire, STRONG, by=DESK_OPERATOR, reason="tests").reset
    letter = recovery.ask_letter(claire, DESK_OPERATOR, "tests", address=["1 rue", "76000 Rouen"])
    reference = history.refuse("locked", account=claire, academy=claire.academy, source="192.0.2.1")
    report = reported(claire)
    correction = ask_correction(claire, [Wrong.OTHER], "faux", by=BY, now=timezone.now())
    luc = active(person(claire.academy, "Luc", "Charge"))
    given = charge(luc, Office.DPO)
    charge(luc, Office.HELP_DESK, MONOD)
    review = start_review(claire.academy, by=DESK_OPERATOR, now=timezone.now())
    words = GroupWords("Tous", "tous")
    create_group(claire.academy, "tous", words, by=BY, reason="tests", now=timezone.now())
    feed = Run.objects.create(
        academy=claire.academy, kind="csv", state="looked_at", by="t", started_at=timezone.now()
    )
    doubt = ReviewItem.objects.create(
        academy=claire.academy, identity="E1", label="Claire", code="maybe_same"
    )
    operation = operating.begin(
        claire.academy, ManyAct.SUSPEND, [claire.pk], {}, by=DESK_OPERATOR, now=timezone.now()
    )
    SheetFile.objects.create(
        operation=operation, number=1, count=1, sealed=b"", made_at=timezone.now(), until=timezone.now()
    )
    asked, stay = contributors_of(luc)
    until = timezone.now() + timedelta(days=7)
    ready = {"state": "ready", "created_at": until, "touched_at": until, "expires_at": until}
    copy = PersonExport.objects.create(account=claire, by="operator:tests", reason="tests", **ready)
    known = {
        "<uuid:copy_id>": str(copy.pk),
        "<slug:kind>": "charte",
        "documents/<slug:slug>": f"documents/{claire.academy.slug}",
        "<uuid:request_id>": str(asked.pk),
        "<uuid:stay_id>": str(stay.pk),
        **school_rooms(claire.academy),
        "<uuid:operation_id>": str(operation.pk),
        "<int:file>": "1",
        "<int:run_id>": str(feed.pk),
        "<int:doubt_id>": str(doubt.pk),
        "groupes/<slug:slug>": f"groupes/{claire.academy.slug}",
        "<slug:group>": "tous",
        "vie/<slug:slug>": "vie/geler",
        "<uuid:account_id>": str(claire.pk),
        "<uuid:reset_id>": str(reset.pk),
        "<uuid:letter_id>": str(letter.pk),
        "references/<str:given>": f"references/{reference}",
        "signalements/<str:given>": f"signalements/{report.reference}",
        "corrections/<str:given>": f"corrections/{correction.reference}",
        "<int:mandate_id>": str(given.pk),
        "<int:review_id>": str(review.pk),
        "<int:line_id>": str(review.lines.get(school__uai=MONOD).pk),
        "politique/<slug:slug>": f"politique/{claire.academy.slug}",
        "academies/<slug:slug>": f"academies/{claire.academy.slug}",
        "<int:number>": "1",
        "<slug:slug>": "suspendre",
        "<slug:name>": "lock",
    }
    found = {}
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = path = str(pattern.pattern)
        for sign, value in known.items():
            path = path.replace(sign, value)
        assert "<" not in path, route
        found[route] = f"/console/{path}"
    return found


def school_rooms(where: Academy) -> dict[str, str]:
    """A school's pages: somebody who works there, a mailbox with a member, a departure, a request."""
    school = School.objects.get(uai=MONOD)
    said: dict[str, Any] = {"by": DESK_OPERATOR, "reason": "tests", "now": timezone.now()}
    eva, noe = active(person(where, "Eva", "Interne")), active(person(where, "Noé", "Partant"))
    for one in (eva, noe):
        Posting.objects.create(person=one.person, school=school, function="ENS")
    box = actions.create_functional_mailbox(where, actions.NewMailbox("Accueil", school), **said)
    actions.set_member(box, eva, Role.READ, **said)
    leaving = schools.depart(noe, school, **{**said, "by": Actor.operator("tests")})
    asked = schools.Request.objects.create(
        academy=where, school=school, kind="join", mailbox=box, about=noe, asked_by=noe, role="read",
        by="tests", reason="tests", asked_at=timezone.now(),
    )  # fmt: skip
    return {
        "depart/<uuid:account_id>": f"depart/{eva.pk}",
        "membre/<uuid:account_id>": f"membre/{eva.pk}",
        "<uuid:leaving_id>": str(leaving.pk),
        "<uuid:mailbox_id>": str(box.pk),
        "<uuid:box_request_id>": str(asked.pk),
        "<str:uai>": MONOD,
    }


def contributors_of(luc: Account) -> tuple[Request, Stay]:
    """A request for somebody at the school, and LUC's stay there."""
    school = School.objects.get(uai=MONOD)
    today = timezone.localdate()
    posting = Posting.objects.create(
        person=luc.person, school=school, function="EXT", starts_on=today, ends_on=today, source="sponsor"
    )
    moments = {"begun_at": timezone.now(), "agreed_at": timezone.now()}
    stay = Stay.objects.create(account=luc, school=school, posting=posting, **moments)
    asked = Request.objects.create(
        school=school, asked_by=luc, asked_at=timezone.now(), given_name="Inès", family_name="Delmas",
        role="Théâtre", starts_on=today, ends_on=today, reason="atelier",
    )  # fmt: skip
    return asked, stay


# Which offices open which page. A route that isn't here fails the test: nothing is reached by oversight.
DESK, DSI, SECURITY = Office.HELP_DESK, Office.DSI, Office.SECURITY
PLATFORM = Office.PLATFORM
HELPERS, ALL, CHIEFS = {DESK, DSI}, {DESK, DSI, SECURITY}, {DSI}
LISTS = {*HELPERS, Office.LIST_OWNER}
PEOPLE = {*ALL, Office.HEAD}
READERS, RULERS, ABOVE = {*ALL, PLATFORM}, {DSI, PLATFORM}, {PLATFORM}
OPENS: dict[str, set[Office]] = {
    "": set(Office),  # the platform's is led to its academies
    "personnes/<uuid:account_id>/": ALL,
    "personnes/<uuid:account_id>/reinitialiser/": HELPERS,
    "personnes/<uuid:account_id>/secondes-preuves/": HELPERS,
    "personnes/<uuid:account_id>/lettre/": HELPERS,
    "personnes/<uuid:account_id>/charge/": CHIEFS,
    "personnes/<uuid:account_id>/<slug:slug>/": ALL,
    "references/<str:given>/": ALL,
    "demandes/": ALL,
    "reinitialisations/<uuid:reset_id>/": ALL,
    "reinitialisations/<uuid:reset_id>/mot-de-passe/": HELPERS,
    "signalements/<str:given>/": ALL,
    "corrections/<str:given>/": HELPERS,
    "intervenants/": {*CHIEFS, Office.HEAD},
    "intervenants/demander/": {Office.HEAD},
    "intervenants/demandes/<uuid:request_id>/": {*CHIEFS, Office.HEAD},
    "intervenants/<uuid:stay_id>/": {*CHIEFS, Office.HEAD},
    "intervenants/<uuid:stay_id>/prolonger/": {Office.HEAD},
    "intervenants/<uuid:stay_id>/terminer/": {*CHIEFS, Office.HEAD},
    "intervenants/<uuid:stay_id>/acces/": {Office.HEAD},
    "lettres/": HELPERS,
    "lettres/imprimer/": HELPERS,
    "lettres/<uuid:letter_id>/": HELPERS,
    "blocages/": ALL,
    "politique/": READERS,
    "politique/<slug:slug>/": READERS,
    "politique/<slug:slug>/ensemble/": RULERS,
    "politique/<slug:slug>/appliquer/": RULERS,
    "politique/<slug:slug>/tout/": RULERS,
    "politique/<slug:slug>/toml/": READERS,
    "politique/<slug:slug>/versions/<int:number>/": READERS,
    "politique/<slug:slug>/versions/<int:number>/toml/": READERS,
    "politique/<slug:slug>/versions/<int:number>/reprendre/": RULERS,
    "politique/<slug:slug>/<slug:name>/": RULERS,
    "academies/": ABOVE,
    "academies/<slug:slug>/": ABOVE,
    "nouvelle-academie/": ABOVE,
    "personnes/<uuid:account_id>/messages/": ALL,
    "personnes/<uuid:account_id>/vie/": HELPERS,
    "personnes/<uuid:account_id>/vie/<slug:slug>/": CHIEFS,
    "departs/": HELPERS,
    "journal/": {DSI, SECURITY, Office.DPO},
    "journal/exporter/": {DSI, SECURITY, Office.DPO},
    "tableau/": CHIEFS,
    "tableau/chiffres.csv": CHIEFS,
    "listes/": PEOPLE,
    "listes/exporter/": PEOPLE,
    "listes/agir/": PEOPLE,
    "operations/": PEOPLE,
    "operations/<uuid:operation_id>/": ALL,
    "operations/<uuid:operation_id>/lancer/": ALL,
    "operations/<uuid:operation_id>/accord/": ALL,
    "operations/<uuid:operation_id>/annuler/": ALL,
    "operations/<uuid:operation_id>/abandonner/": ALL,
    "operations/<uuid:operation_id>/lignes.csv": ALL,
    "operations/<uuid:operation_id>/feuilles/<int:file>/": set(),  # whoever had them made, alone
    "groupes/": LISTS,
    "groupes/<slug:slug>/": LISTS,
    "groupes/<slug:slug>/nouveau/": CHIEFS,
    "groupes/<slug:slug>/apercu/": CHIEFS,
    "groupes/<slug:slug>/<slug:group>/": LISTS,
    "groupes/<slug:slug>/<slug:group>/modifier/": CHIEFS,
    "groupes/<slug:slug>/<slug:group>/supprimer/": CHIEFS,
    "groupes/<slug:slug>/<slug:group>/membres.csv": LISTS,
    "imports/": HELPERS,
    "imports/nouveau/": CHIEFS,
    "imports/doutes/": CHIEFS,
    "imports/doutes/<int:doubt_id>/": CHIEFS,
    "imports/<int:run_id>/": HELPERS,
    "imports/<int:run_id>/lignes.csv": HELPERS,
    "imports/<int:run_id>/colonnes/": CHIEFS,
    "imports/<int:run_id>/appliquer/": CHIEFS,
    "imports/<int:run_id>/annuler/": CHIEFS,
    "etablissements/": {*HELPERS, Office.HEAD},
    "etablissements/<str:uai>/": {*HELPERS, Office.HEAD},
    "etablissements/<str:uai>/depart/<uuid:account_id>/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/retour/<uuid:leaving_id>/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/confirmer/<uuid:leaving_id>/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/boite/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/boites/<uuid:mailbox_id>/": {*HELPERS, Office.HEAD},
    "etablissements/<str:uai>/boites/<uuid:mailbox_id>/membre/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/boites/<uuid:mailbox_id>/membre/<uuid:account_id>/": {DSI, Office.HEAD},
    "etablissements/<str:uai>/boites/<uuid:mailbox_id>/fermer/": {DSI, Office.HEAD},
    "boites/": {DSI, Office.HEAD},
    "boites/<uuid:box_request_id>/": {DSI, Office.HEAD},
    "registre/": {Office.DPO},
    "registre/completer/": {Office.DPO},
    "registre/registre.csv": {Office.DPO},
    "registre/registre.json": {Office.DPO},
    "donnees/": {Office.DPO},
    "donnees/<uuid:account_id>/": {Office.DPO},
    "donnees/<uuid:account_id>/copie/": {Office.DPO},
    "donnees/<uuid:account_id>/effacer/": {Office.DPO},
    "donnees/copies/<uuid:copy_id>/": {Office.DPO},
    "documents/": RULERS,
    "documents/<slug:slug>/<slug:kind>/": RULERS,
    "charges/": CHIEFS,
    "charges/<int:mandate_id>/fin/": CHIEFS,
    "mes-charges/": set(Office),
    "mes-charges/<int:mandate_id>/preter/": set(),  # one's own alone
    "mes-charges/<int:mandate_id>/fin/": set(),
    "revues/": {DSI, Office.HEAD},
    "revues/ouvrir/": CHIEFS,
    "revues/<int:review_id>/": {DSI, Office.HEAD},
    "revues/<int:review_id>/rapport.csv": CHIEFS,
    "revues/<int:review_id>/rapport.json": CHIEFS,
    "revues/<int:review_id>/<int:line_id>/": {DSI, Office.HEAD},
}
OPENED = {200, 302, 422}


def test_each_page_opens_for_its_offices_and_no_other(rouen: Academy, claire: Account) -> None:
    pages = everything(claire)
    assert set(pages) == set(OPENS)
    for number, office in enumerate([None, *Office]):
        visitor = holder(rouen, office, f"Agent{number}", MONOD if office == Office.HEAD else "")
        for route, path in pages.items():
            for answer in (get(visitor, path), post(visitor, path)):
                if answer.status_code == 405:
                    continue  # the page has no such method, for nobody
                opened = answer.status_code in OPENED
                assert opened == (office in OPENS[route]), (office, route, answer.status_code)
                if not opened:
                    assert answer.status_code in {403, 404}
                    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.content.decode())
                    assert "Lefèvre" not in answer.content.decode()
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE  # a form without a reason does nothing


def test_another_academy_is_another_world(rouen: Academy, claire: Account) -> None:
    pages = everything(claire)
    caen = academy("amiens", ("ac-amiens.fr",))
    change(caen, *OPEN, "second_factor.enrolment_days=0", "second_factor.grace_days=0")
    actions.create_school(caen, NewSchool(ZAY, "Collège Zay"), by=BY, reason="tests", now=timezone.now())
    for number, office in enumerate(Office):
        visitor = holder(caen, office, f"Voisin{number}", ZAY if office == Office.HEAD else "")
        for route, path in pages.items():
            if "<" not in route:
                assert "Lefèvre" not in get(visitor, path).content.decode()
                continue
            if office == PLATFORM and PLATFORM in OPENS[route]:
                # Academies and their rules are within its reach, here as there; nobody's account is.
                assert "Lefèvre" not in get(visitor, path).content.decode()
                continue
            for answer in (get(visitor, path), post(visitor, path, motif="essai", decision="oui")):
                # A reference that isn't theirs is answered like one that was never given.
                known = route.startswith("references") and "Référence inconnue" in answer.content.decode()
                assert known or answer.status_code in {403, 404, 405}, (office, route, answer.status_code)
                assert "Lefèvre" not in answer.content.decode()


def test_an_office_for_a_school_stays_within_it(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK, school=MONOD)
    assert get(visitor, page_of(claire)).status_code == 404
    assert "Lefèvre" not in get(visitor, "/console/?q=lefevre").content.decode()
    assert get(visitor, "/console/politique/rouen/").status_code == 404
    Posting.objects.create(person=claire.person, school=School.objects.get(uai=MONOD), function="ENS")
    assert get(visitor, page_of(claire)).status_code == 200
    assert "Lefèvre" in get(visitor, "/console/?q=lefevre").content.decode()


def test_who_is_not_there_looks_like_who_is_elsewhere(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK, school=MONOD)
    there, nowhere = get(visitor, page_of(claire)), get(visitor, f"/console/personnes/{uuid.uuid4()}/")
    plain = [re.sub(r"R-\w{4}-\w{4}", "", answer.content.decode()) for answer in (there, nowhere)]
    assert plain[0] == plain[1]


def test_a_stranger_signs_in_first_and_an_office_that_ended_opens_nothing(
    rouen: Academy, claire: Account
) -> None:
    answer = get(new_browser(), page_of(claire))
    assert (answer.status_code, answer["Location"].startswith("/connexion/?suite=/console/")) == (302, True)
    visitor = holder(rouen, DSI)
    assert get(visitor, "/console/").status_code == 200
    row = Mandate.objects.get(office=DSI)
    actions.end_mandate(row, by=BY, reason="tests", now=timezone.now())
    assert get(visitor, "/console/").status_code == 404


def test_an_act_asks_for_a_fresh_proof(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = holder(rouen, DESK)
    monkeypatch.setattr("casier.console.access.factors.fresh", lambda *_: False)
    assert get(visitor, page_of(claire)).status_code == 200
    path = page_of(claire, "suspendre/")
    for answer in (get(visitor, path), post(visitor, path, motif="x")):
        assert (answer.status_code, answer["Location"]) == (302, f"/compte/confirmer/?suite={path}")
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE


# Finding -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", ["lefevre", "Lefèvre", "CLAIRE lefè", "claire.lefevre@ac-normandie.fr", "evre"]
)
def test_a_person_is_found_by_a_piece_of_a_name_or_an_address(
    rouen: Academy, claire: Account, typed: str
) -> None:
    visitor = holder(rouen, DESK)
    answer = visitor.get("/console/", {"q": typed}, secure=True)
    assert "Claire Lefèvre" in answer.content.decode()
    assert (
        "Claire Lefèvre" not in visitor.get("/console/", {"q": typed + "zzz"}, secure=True).content.decode()
    )


def test_a_reference_leads_to_what_happened(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    given = history.refuse("locked", account=claire, academy=rouen, source="192.0.2.1")
    answer = visitor.get("/console/", {"q": given.lower().replace("-", "")}, secure=True)
    assert answer["Location"] == f"/console/references/{given}/"
    page = said(get(visitor, answer["Location"]))
    assert "Claire Lefèvre" in page
    assert "192.0.2.1" in page
    assert "Référence inconnue" in said(get(visitor, "/console/references/R-2222-2222/"))


def test_a_numen_is_neither_looked_up_nor_shown_again(rouen: Academy) -> None:
    page = get(holder(rouen, DESK), "/console/?q=12A3456789XYZ").content.decode()
    assert "12A3456789XYZ" not in page
    assert "confidentiel" in page


# Acting --------------------------------------------------------------------------------------------
def test_suspending_and_lifting_it(rouen: Academy, claire: Account) -> None:
    visitor, hers = holder(rouen, DESK), new_browser()
    sign_in(hers)
    get(visitor, page_of(claire))  # that somebody looked is written once
    before = JournalEntry.objects.count()
    empty = post(visitor, page_of(claire, "suspendre/"), motif="  ")
    assert empty.status_code == 422
    assert 'id="motif-erreur"' in empty.content.decode()
    assert JournalEntry.objects.count() == before
    assert post(visitor, page_of(claire, "suspendre/"), motif="Vol de téléphone").status_code == 302
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    assert hers.get("/api/me", secure=True).status_code != 200
    entry = JournalEntry.objects.get(action="account.suspended")
    agent = Account.objects.get(person__family_name="Agent")
    assert (entry.actor, entry.reason) == (f"account:{agent.public_id}", "Vol de téléphone")
    page = said(get(visitor, page_of(claire)))
    assert "Vol de téléphone" in page
    assert "est suspendu" in page
    assert post(visitor, page_of(claire, "retablir/"), motif="Retrouvé").status_code == 302
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE
    assert list(NoticeSent.objects.filter(account=claire).order_by("at").values_list("notice", flat=True))[
        -2:
    ] == ["suspended", "resumed"]


def test_unlocking_opens_the_door_again(rouen: Academy, claire: Account) -> None:
    for number in range(6):
        sign_in(new_browser(), password=f"faux-{number}")
    assert sign_in(new_browser()).status_code != 302
    visitor = holder(rouen, DESK)
    assert "Claire Lefèvre" in get(visitor, "/console/blocages/").content.decode()
    assert "bloqués" in said(get(visitor, page_of(claire)))
    assert post(visitor, page_of(claire, "debloquer/"), motif="Appel").status_code == 302
    assert sign_in(new_browser()).status_code == 302
    assert "Claire Lefèvre" not in get(visitor, "/console/blocages/").content.decode()


def test_nobody_acts_on_themselves(rouen: Academy) -> None:
    visitor = holder(rouen, DSI)
    me = Account.objects.get(person__family_name="Agent")
    assert "C’est votre compte" in said(get(visitor, page_of(me)))
    for act in ("suspendre", "deconnecter", "debloquer"):
        assert post(visitor, page_of(me, f"{act}/"), motif="x").status_code == 403
    answer = post(visitor, page_of(me, "charge/"), motif="x", charge="security")
    assert answer.status_code == 422
    assert Mandate.objects.filter(account=me).count() == 1


def test_a_password_is_shown_once_after_the_checks(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    weak = post(visitor, page_of(claire, "reinitialiser/"), motif="Appel", controle=["posting", "birth_date"])
    assert weak.status_code == 422
    assert 'id="controle-erreur"' in weak.content.decode()
    answer = post(
        visitor, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"]
    )
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    match = re.search(r'class="password"><code>([^<]+)', answer.content.decode())
    assert match
    for path in (page_of(claire), "/console/demandes/"):
        assert match[1] not in get(visitor, path).content.decode()
    assert sign_in(new_browser()).status_code != 302


def test_with_four_eyes_a_second_person_agrees_and_the_first_reads(rouen: Academy, claire: Account) -> None:
    change(rouen, "recovery.four_eyes=true")
    first, second = holder(rouen, DESK, "Premier"), holder(rouen, SECURITY, "Second")
    asked = post(first, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"])
    assert asked.status_code == 302
    (row,) = recovery.pending_resets(rouen)
    path = f"/console/reinitialisations/{row.pk}/"
    assert "Donner mon accord" not in said(get(first, path))
    assert post(first, path, motif="x", decision="oui").status_code == 422
    assert "Donner mon accord" in said(get(second, path))
    assert post(second, path, motif="vu", decision="oui").status_code == 302
    assert post(second, f"{path}mot-de-passe/").status_code == 403
    assert 'class="password"' in post(first, f"{path}mot-de-passe/").content.decode()
    assert 'class="password"' not in post(first, f"{path}mot-de-passe/", follow=True).content.decode()


def test_a_letter_is_asked_printed_posted(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    asked = post(visitor, page_of(claire, "lettre/"), motif="Appel", adresse="12 rue du Port\n76000 Rouen")
    assert asked.status_code == 302
    (row,) = recovery.letters(rouen)
    assert "Claire Lefèvre" in get(visitor, "/console/lettres/").content.decode()
    pdf = post(visitor, "/console/lettres/imprimer/", lettre=[str(row.pk)])
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert post(visitor, f"/console/lettres/{row.pk}/", motif="parti", geste="postee").status_code == 302
    row.refresh_from_db()
    assert row.state == "posted"
    assert post(visitor, "/console/lettres/imprimer/").status_code == 302


def test_a_report_is_closed_with_a_conclusion(rouen: Academy, claire: Account) -> None:
    row = reported(claire)
    visitor = holder(rouen, SECURITY)
    assert row.reference in get(visitor, "/console/demandes/").content.decode()
    assert post(visitor, f"/console/signalements/{row.reference}/", motif="").status_code == 422
    assert post(visitor, f"/console/signalements/{row.reference}/", motif="Fausse alerte").status_code == 302
    row.refresh_from_db()
    assert row.conclusion == "Fausse alerte"


# Deciding ------------------------------------------------------------------------------------------
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
