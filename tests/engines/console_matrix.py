"""Every address of the console about things that are there, and which offices open which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import URLPattern
from django.utils import timezone

from casier.audit.api import Actor
from casier.console.many import operating
from casier.console.many.acts import ManyAct
from casier.console.models import SheetFile
from casier.console.urls import urlpatterns
from casier.contributors.models import Request, Stay
from casier.directory import actions
from casier.directory.models import Academy, Account, Office, Posting, Role, School
from casier.feed.models import ReviewItem, Run
from casier.groups.actions import GroupWords, create_group
from casier.identity.activation.api import ask_correction
from casier.identity.activation.models import Wrong
from casier.identity.history import api as history
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Check
from casier.privacy.models import PersonExport
from casier.rights.api import start_review
from casier.schools import api as schools
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    active,
    charge,
    reported,
)
from unit.identity_people import BY, person

STRONG = [Check.CALLED_BACK, Check.DOCUMENT]


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
        "<int:line_id>": str(review.lines.get(school__uai=MONOD, holder=luc).pk),
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
    "personnes/<uuid:account_id>/feuille/": HELPERS,
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
