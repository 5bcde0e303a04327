"""Lists of people by what is known of them: looked through, exported, and chosen from for an act on many."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import record
from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin, reason_in
from casier.console.fields import parsed_size
from casier.console.finding import is_numen
from casier.console.forms import Form, form_of, page
from casier.console.many.acts import DEEDS, ManyAct
from casier.console.many.exporting import address_of, complete, head, postings_of, rows
from casier.console.many.filters import FULL_PERCENT, SEEN_DAYS, Filter, chosen
from casier.console.many.operating import BadOperation, begin, ids_in
from casier.console.many.words import filter_words, many_words, people_words, role_words
from casier.console.schooling import function_named
from casier.console.wording import state_words
from casier.directory.access import mailbox_with
from casier.directory.errors import NotFound
from casier.directory.finding import by_name
from casier.directory.mandates import Ability, schools_within
from casier.directory.models import Academy, Account, AccountState, Network, Posting, Role, School
from casier.groups import api as groups
from casier.kernel.addresses import fold
from casier.kernel.csv_cells import csv_lines

ON_A_PAGE = 50
PARAMS = ("acte", "portee", "dernier-jour", "place", "boite", "role")


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The people that a filter means, fifty at a time."""
    if is_numen(request.GET.get("q", "")):
        # Away from the address of the page, too.
        return redirect("/console/listes/?numen=1")
    academy, wanted = _asked(request, desk)
    facts = _facts(desk, academy, wanted, request.GET.get("page", ""))
    return page(request, desk, "many/list", facts | {"numen": "numen" in request.GET})


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, desk: Desk) -> Any:
    """The same as a file; that it was taken out, by whom and why stands in the journal."""
    academy, wanted = _asked(request, desk)
    people = _people(desk, academy, wanted)
    form = form_of(request, told=False)
    count = people.count()
    if request.method != "POST" or form.errors:
        facts = {
            "here": "lists",
            "count": people_words(count),
            **_where(desk, academy, wanted),
        }
        return page(request, desk, "many/export", facts, form)
    with transaction.atomic():
        record(
            desk.actor, "people.exported", f"academy:{academy.slug}", reason_in(form.reason),
            academy=academy.slug, at=desk.now, count=count, **{"filter": wanted.facts},
        )  # fmt: skip
    answer = StreamingHttpResponse(csv_lines(head(), rows(people)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_("personnes")}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@console
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write down whom an act would touch, and go to look at it."""
    if not any(deed.ability in desk.abilities for deed in DEEDS.values()):
        desk.require_some(Ability.SUSPEND)
    if request.method != "POST":
        return redirect("/console/listes/")
    academy, wanted = _asked(request, desk)
    form = Form({name: request.POST.get(name, "").strip() for name in PARAMS})
    if form.values["acte"] not in acts_of(desk, academy):
        form.errors["acte"] = _("Choisissez ce qui doit être fait.")
    else:
        operation = _begun(desk, academy, wanted, form, request.POST.getlist("qui"))
        if operation:
            return redirect(f"/console/operations/{operation}/")
    facts = _facts(desk, academy, wanted, request.GET.get("page", ""))
    facts["last_day"] = form.values["dernier-jour"]
    return page(request, desk, "many/list", facts, form)


def _asked(request: HttpRequest, desk: Desk) -> tuple[Academy, Filter]:
    """The academy that was chosen and whom of it. Raises NotWithin for a NUMEN, and for a group that DESK
    may not see: who is in it would be told by the list.
    """
    academy = desk.looked_at(request.GET.get("academie", ""), Ability.SEE_PERSON)
    wanted = Filter.of(request.GET)
    if is_numen(wanted.q) or (wanted.groupe and not desk.may(Ability.SEE_GROUPS, academy)):
        # Refused, not left out: a list without one of its criteria would be everybody.
        raise NotWithin("Not to be looked for.")
    return academy, wanted


def _begun(desk: Desk, academy: Academy, wanted: Filter, form: Form, ticked: list[str]) -> str:
    """The operation's id; "" where the form says what is wrong."""
    kind = ManyAct(form.values["acte"])
    try:
        params = _params(kind, form)
        whom = wanted if form.values["portee"] == "tous" else ids_in(ticked)
        made = begin(academy, kind, whom, params, by=desk.actor, now=desk.now)
    except NotFound:
        form.errors["boite"] = _("Aucune boîte fonctionnelle de l’académie n’a cette adresse.")
    except BadOperation as error:
        name, words = {
            "people": ("portee", _("Cochez au moins une personne, ou choisissez toute la liste.")),
            "last_day": ("dernier-jour", _("Cette date n’est pas lisible.")),
            "bytes": (
                "place",
                _("Écrivez une place, par exemple « 10 Go », ou rien pour celle de la politique."),
            ),
        }.get(str(error.facts.get("field")), ("boite", _("Choisissez une boîte de l’académie et un rôle.")))
        form.errors[name] = words
    else:
        return str(made.pk)
    return ""


def _params(kind: ManyAct, form: Form) -> dict[str, Any]:
    typed = form.values
    if kind is ManyAct.LEAVE:
        return {"last_day": typed["dernier-jour"]}
    if kind is ManyAct.QUOTA:
        return {"bytes": parsed_size(typed["place"]) if typed["place"] else None}
    if kind is ManyAct.MEMBER:
        return {"mailbox": mailbox_with(typed["boite"]).pk.hex, "role": typed["role"]}
    return {}


def acts_of(desk: Desk, academy: Academy) -> list[str]:
    """What DESK's offices let it do to many in ACADEMY."""
    return [act.value for act in ManyAct if academy in desk.reached(DEEDS[act].ability)]


def _people(desk: Desk, academy: Academy, wanted: Filter) -> Any:
    within = desk.people(Ability.SEE_PERSON).filter(academy=academy)
    return chosen(within, wanted, academy, desk.now)


def _where(desk: Desk, academy: Academy, wanted: Filter) -> dict[str, Any]:
    """Of which academy the page is, and how its address says so."""
    return {
        "subject": academy,
        "academies": desk.reached(Ability.SEE_PERSON),
        "query": urlencode({**desk.naming(academy), **wanted.facts}),
        "everybody": urlencode(desk.naming(academy)),
        # Whoever works for several sees at each step for which.
        "words": [*([academy.name] if desk.naming(academy) else []), *_words(academy, wanted)],
    }


def _facts(desk: Desk, academy: Academy, wanted: Filter, number: str) -> dict[str, Any]:
    people = _people(desk, academy, wanted)
    ordered = people.order_by(*by_name())
    here = Paginator(ordered, ON_A_PAGE).get_page(number)
    return {
        "here": "lists",
        "wanted": wanted,
        "filtered": bool(wanted.facts),
        "shown": here,
        "count": here.paginator.count,
        "counted": people_words(here.paginator.count),
        "people": _rows(complete(Account.objects.filter(pk__in=[one.pk for one in here])), here),
        "opens": Ability.SEE_HISTORY in desk.abilities,
        "acts": [{"code": code, "verb": many_words(ManyAct(code)).verb} for code in acts_of(desk, academy)],
        "roles": [{"code": role, "words": role_words(role)} for role in Role.values],
        **_where(desk, academy, wanted),
        **_choices(desk, academy),
    }


def _rows(people: Any, here: Any) -> list[dict[str, Any]]:
    found = {account.pk: account for account in people}
    return [_row(found[one.pk]) for one in here if one.pk in found]


def _row(account: Account) -> dict[str, Any]:
    places = dict.fromkeys(one.school.name for one in postings_of(account) if one.school)
    user = getattr(account, "user", None)
    return {
        "id": str(account.pk),
        "name": f"{account.person.family_name} {account.person.given_name}",
        "address": address_of(account),
        "place": ", ".join(places),
        "state": state_words(account.state),
        "code": account.state,
        "seen": user.last_login if user else None,
    }


def _choices(desk: Desk, academy: Academy) -> dict[str, Any]:
    """What can be chosen from lists: of the schools within reach, no others."""
    schools = schools_within(desk.account, Ability.SEE_PERSON, desk.now).filter(academy=academy)
    departments = schools.order_by().exclude(department="").values_list("department", flat=True)
    there = Posting.objects.filter(school__in=schools.values("pk"))
    functions = there.values_list("function", flat=True)
    networks = Network.objects.filter(academy=academy, schools__in=schools.values("pk"))
    return {
        "states": [{"code": state, "words": state_words(state)} for state in AccountState.values],
        "departments": sorted(set(departments.distinct())),
        "networks": networks.distinct().order_by("name"),
        "functions": _functions(set(functions.order_by().distinct())),
        "groups": groups.live(academy) if desk.may(Ability.SEE_GROUPS, academy) else [],
        "seen_days": SEEN_DAYS,
        "full": FULL_PERCENT,
    }


def _functions(codes: set[str]) -> list[dict[str, str]]:
    found = [{"code": code, "words": function_named(code)} for code in codes if code]
    return sorted(found, key=lambda one: fold(one["words"]))


def _words(academy: Academy, wanted: Filter) -> list[str]:
    names = {"etat": state_words(wanted.etat), "active": _("oui") if wanted.active == "oui" else _("non")}
    school = School.objects.filter(academy=academy, uai=wanted.uai).first() if wanted.uai else None
    if school:
        names["uai"] = school.name
    return filter_words(wanted, names)
