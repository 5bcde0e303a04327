"""The feed: its runs and their lines, files sent from here, applying and undoing, doubts to settle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console import feeding
from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.down import unless_down
from casier.console.forms import Form, form_of, page
from casier.console.measures import spaced
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Person
from casier.feed import words
from casier.feed.actions import Source, ask_to_apply, ask_to_undo, begin, decide, last_applied, leaving_of
from casier.feed.clock import Clock
from casier.feed.errors import TooManyLeave
from casier.feed.models import ReviewItem, ReviewState, Run, RunKind, RunState, Verb
from casier.feed.opening import Asked, columns_of, is_table, opened, remember
from casier.feed.progress import mailboxes
from casier.feed.reading.columns import fields
from casier.feed.receiving import MOST_BYTES, acceptable, leave_to_the_worker, received
from casier.feed.records import BadFeed
from casier.kernel.csv_cells import csv_text
from casier.kernel.errors import CasierError

RUNS = "/console/imports/"


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The runs of one's academies, the latest first."""
    academies = _academies(desk, Ability.SEE_FEED)
    runs = Run.objects.filter(academy__in=academies).select_related("academy").order_by("-pk")
    doubts = ReviewItem.objects.filter(academy__in=academies, state=ReviewState.OPEN).count()
    shown = Paginator(runs, feeding.PAGE).get_page(request.GET.get("page"))
    facts = {
        "here": "feed",
        "rows": [feeding.shown_run(run) for run in shown],
        "shown": shown,
        "doubts": doubts,
        "several": len(academies) > 1,
        "may_run": bool(desk.academies(Ability.RUN_FEED)),
    }
    return page(request, desk, "feed/list", facts)


@console
@require_safe
def one(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """A run: what it comes to, line by line."""
    run = _run(desk, run_id, Ability.SEE_FEED)
    asked = _asked(request)
    shown = Paginator(feeding.chosen(run, asked), feeding.PAGE).get_page(request.GET.get("page"))
    last = last_applied(run.academy)
    behind = mailboxes(run, timezone.now())
    facts = {
        "here": "feed",
        **feeding.shown_run(run),
        "tally": feeding.tally(run),
        "lines": [feeding.shown_line(row) for row in shown],
        "shown": shown,
        "asked": asked,
        "query": "&".join(f"{name}={value}" for name, value in asked.items() if value and name != "q"),
        "verbs": [(verb.value, feeding.word(words.VERBS, verb)) for verb in Verb],
        "mailboxes": behind,
        "made": spaced(behind.made),
        "made_of": spaced(behind.total),
        "may_run": desk.may(Ability.RUN_FEED, run.academy),
        "applicable": run.state in {RunState.LOOKED_AT, RunState.STOPPED} and run.total,
        "undoable": run.state == RunState.APPLIED and last is not None and last.pk == run.pk,
        "columns_wanted": run.state == RunState.READING and run.folder and run.held_until is None,
    }
    return page(request, desk, "feed/one", facts)


@console
@require_safe
def lines(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """The same lines as a file for a spreadsheet."""
    run = _run(desk, run_id, Ability.SEE_FEED)
    head = [_("Ligne"), _("Quoi"), _("Qui"), _("Identifiant"), _("Pourquoi"), _("Fichier"), _("Place")]
    rows = (
        (
            row.number,
            told["verb"],
            row.label,
            row.key,
            f"{told['why']} {told['note']}".strip(),
            row.file,
            row.line or row.place,
        )
        for row in feeding.chosen(run, _asked(request)).iterator(chunk_size=2000)
        for told in [feeding.shown_line(row)]
    )
    answer = HttpResponse(csv_text(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send the files of a run: read as soon as it is known what their columns are."""
    academies = _academies(desk, Ability.RUN_FEED)
    form = form_of(request, "academie", "entier", told=False)
    if request.method == "POST":
        academy = next((each for each in academies if each.slug == form.values["academie"]), None)
        if academy is None:
            form.errors["academie"] = _("Choisissez une académie.")
        run = _received(request, desk, form, academy) if academy and not form.errors else None
        if run is not None:
            return redirect(f"{RUNS}{run.pk}/{'colonnes/' if run.held_until is None else ''}")
    facts = {"here": "feed", "academies": academies, "most": MOST_BYTES // 1_000_000}
    return page(request, desk, "feed/new", facts, form)


def _received(request: HttpRequest, desk: Desk, form: Form, academy: Academy) -> Run | None:
    file = request.FILES.get("fichier")
    if file is None or not acceptable(file.name or "") or (file.size or 0) > MOST_BYTES:
        form.errors["fichier"] = _(
            "Choisissez un fichier CSV, ou un zip des fichiers AAF, de %(most)s Mo au plus."
        ) % {"most": MOST_BYTES // 1_000_000}
        return None
    path, described = received(file.name or "", file.chunks())
    try:
        asked = Asked(complete=True if form.values["entier"] == "on" else None)
        table = is_table([path])
        source = _source(path, academy, asked, described, table=table)
        run = begin(academy, source, by=desk.actor, reason=form.reason, clock=Clock())
    except BadFeed as error:
        form.errors["fichier"] = _fault(error)
        return None
    if not table:
        leave_to_the_worker(run)
        run.refresh_from_db()
    return run


def _source(path: Path, academy: Academy, asked: Asked, described: dict[str, Any], *, table: bool) -> Source:
    if table:
        map_ = columns_of(path, academy, asked).map
        return Source(RunKind.CSV, map_.complete, [described], map_.to_json(), str(path.parent))
    _reader, source = opened([path], academy, asked)
    return replace(source, files=[described], folder=str(path.parent))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Say which column of a table is what; remembered for the next one."""
    run = _run(desk, run_id, Ability.RUN_FEED)
    if run.state != RunState.READING or not run.folder or run.held_until is not None:
        return redirect(f"{RUNS}{run.pk}/")
    path = next(iter(sorted(Path(run.folder).iterdir())))
    proposal = columns_of(path, run.academy, Asked(complete=run.complete))
    names = fields(proposal.map.holds)
    typed = request.POST if request.method == "POST" else proposal.map.columns
    form = Form({name: typed.get(name, "") for name in names})
    if request.method == "POST":
        said = {name: str(value) for name, value in form.values.items() if value in proposal.layout.columns}
        wanted = columns_of(path, run.academy, Asked(run.complete, said))
        if missing := wanted.missing:
            form.errors[missing[0]] = _("Il manque la colonne : %(names)s.") % {
                "names": ", ".join(_field_words(name) for name in missing)
            }
        else:
            remember(run.academy, wanted, Clock())
            Run.objects.filter(pk=run.pk).update(options=wanted.map.to_json())
            leave_to_the_worker(run)
            return redirect(f"{RUNS}{run.pk}/")
    facts = {
        "here": "feed",
        **feeding.shown_run(run),
        "columns": proposal.layout.columns,
        "fields": [
            {"name": name, "words": _field_words(name), "chosen": form.values[name]} for name in names
        ],
        "sample": proposal.sample,
    }
    return page(request, desk, "feed/columns", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Have a run applied that was looked at."""
    run = _run(desk, run_id, Ability.RUN_FEED)
    form = form_of(request, "partants", told=False)
    if request.method == "POST" and not form.errors:
        allowed = form.values["partants"]
        try:
            asked = ask_to_apply(
                run, by=desk.actor, reason=form.reason, clock=Clock(),
                allow_leaving=int(allowed) if allowed.isdecimal() and len(allowed) < 8 else None,
            )  # fmt: skip
        except TooManyLeave:
            form.errors["partants"] = _("Écrivez combien de personnes partent, pour dire que c’est juste.")
        except CasierError as error:
            form.errors["motif"] = _cannot(error)
        else:
            leave_to_the_worker(asked)
            messages.success(request, _("L’import est en cours d’application."))
            return redirect(f"{RUNS}{run.pk}/")
    if run.state not in {RunState.LOOKED_AT, RunState.STOPPED}:
        return redirect(f"{RUNS}{run.pk}/")
    facts = {
        "here": "feed",
        **feeding.shown_run(run),
        "tally": feeding.tally(run),
        "leaving": leaving_of(run),
    }
    return page(request, desk, "feed/apply", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Have the last run undone."""
    run = _run(desk, run_id, Ability.RUN_FEED)
    form = form_of(request, told=False)
    if request.method == "POST" and not form.errors:
        try:
            asked = ask_to_undo(run, by=desk.actor, reason=form.reason, clock=Clock())
        except CasierError as error:
            form.errors["motif"] = _cannot(error)
        else:
            leave_to_the_worker(asked)
            messages.success(request, _("L’import est en cours d’annulation."))
            return redirect(f"{RUNS}{run.pk}/")
    if run.state != RunState.APPLIED:
        return redirect(f"{RUNS}{run.pk}/")
    return page(request, desk, "feed/undo", {"here": "feed", **feeding.shown_run(run)}, form)


@console
@require_safe
def doubts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those whom a feed doesn't recognise for certain."""
    academies = _academies(desk, Ability.RUN_FEED)
    waiting = ReviewItem.objects.filter(academy__in=academies, state=ReviewState.OPEN).order_by("label", "pk")
    shown = Paginator(waiting, feeding.PAGE).get_page(request.GET.get("page"))
    rows = [{"item": item, "why": feeding.shown_doubt(item)["why"]} for item in shown]
    return page(request, desk, "feed/doubts", {"here": "feed", "rows": rows, "shown": shown})


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest, desk: Desk, doubt_id: int) -> HttpResponse:
    """Say who somebody in the feed is."""
    item = ReviewItem.objects.select_related("academy").filter(pk=doubt_id).first()
    if item is None or not desk.may(Ability.RUN_FEED, item.academy):
        raise NotWithin("No such doubt.")
    form = form_of(request, "qui", told=False)
    if request.method == "POST" and not form.errors and _settled(item, form, desk):
        messages.success(request, _("C’est retenu : le prochain import en tiendra compte."))
        return redirect(f"{RUNS}doutes/")
    return page(request, desk, "feed/doubt", {"here": "feed", **feeding.shown_doubt(item)}, form)


def _settled(item: ReviewItem, form: Form, desk: Desk) -> bool:
    who = form.values["qui"]
    person = Person.objects.filter(pk=int(who)).first() if who.isdecimal() and len(who) < 12 else None
    if person is None and who != "autre":
        form.errors["qui"] = _("Choisissez une réponse.")
        return False
    try:
        decide(item, person, by=desk.actor, reason=form.reason, clock=Clock())
    except CasierError as error:
        unless_down(error)
        form.errors["qui"] = _("Choisissez une réponse.")
        return False
    return True


def _academies(desk: Desk, ability: Ability) -> list[Academy]:
    """Where DESK may do this. Raises NotWithin where nowhere as a whole."""
    desk.require_some(ability)
    found = desk.academies(ability)
    if not found:
        raise NotWithin("Not within your perimeter.")
    return found


def _run(desk: Desk, run_id: int, ability: Ability) -> Run:
    """The run, where DESK may. Raises NotWithin for none and for another academy's, NotAllowed."""
    run = Run.objects.select_related("academy").filter(pk=run_id).first()
    if run is None or not desk.may(Ability.SEE_FEED, run.academy):
        raise NotWithin("No such run.")
    desk.require(ability, run.academy)
    return run


def _asked(request: HttpRequest) -> dict[str, str]:
    """Which lines were asked for."""
    return {
        name: request.GET.get(name, "").strip()[:100] for name in ("subject", "verb", "status", "code", "q")
    }


def _fault(error: BadFeed) -> str:
    facts = {"code": error.code, "text": str(error), **error.facts}
    return words.fault(facts, english=feeding.english())


def _cannot(error: CasierError) -> str:
    unless_down(error)
    known = {
        "feed_overtaken": _("Un autre import a été appliqué depuis : relancez la lecture."),
        "feed_not_the_last": _("Seul le dernier import appliqué peut être annulé."),
        "feed_wrong_state": _("Ce n’est plus possible : quelqu’un y travaille déjà."),
    }
    return known.get(error.code) or _("Ce n’est pas possible : %(code)s.") % {"code": error.code}


def _field_words(name: str) -> str:
    """What a column may be, as a person reads it."""
    return {
        "key": _("Identifiant de l’annuaire"),
        "numen": _("NUMEN"),
        "title": _("Civilité"),
        "family_name": _("Nom d’usage"),
        "birth_name": _("Nom de naissance"),
        "given_name": _("Prénom"),
        "birth_date": _("Date de naissance"),
        "address": _("Adresse de courriel"),
        "school": _("UAI de l’établissement"),
        "function": _("Code de la fonction"),
        "function_label": _("Libellé de la fonction"),
        "subjects": _("Matières"),
        "classes": _("Classes"),
        "principal_of": _("Professeur principal de"),
        "starts_on": _("Début"),
        "ends_on": _("Fin"),
        "uai": _("UAI"),
        "name": _("Nom de l’établissement"),
        "kind": _("Nature"),
        "city": _("Ville"),
        "postal_code": _("Code postal"),
        "department": _("Département"),
        "networks": _("Réseaux"),
    }.get(name, name)
