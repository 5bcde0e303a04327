"""Acts on many: looked at line by line, launched, followed, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import Form, form_of, page, refused
from casier.console.many import operating, sheets
from casier.console.many.acts import DEEDS, ManyAct
from casier.console.many.exporting import CHUNK, address_of, complete
from casier.console.many.operating import BadOperation
from casier.console.many.whom import tally
from casier.console.many.words import (
    many_words,
    operation_words,
    params_words,
    people_words,
    status_words,
    way_back,
    why_words,
)
from casier.console.models import LineStatus, Operation, OperationLine, OperationState
from casier.console.wording import actor_words
from casier.directory.mandates import Ability
from casier.directory.models import Account
from casier.kernel.chunks import chunks
from casier.kernel.csv_cells import csv_lines
from casier.kernel.errors import CasierError

ON_A_PAGE = 50
AT_WORK = {OperationState.PREPARING, OperationState.RUNNING, OperationState.UNDOING}


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own operations, and those of others where one answers for the whole academy."""
    _require_any(desk)
    academies = {one.pk for deed in DEEDS.values() for one in desk.reached(deed.ability)}
    rows = Operation.objects.filter(Q(academy__in=academies) | Q(by=desk.actor.name))
    rows = rows.select_related("academy").exclude(state=OperationState.DROPPED).order_by("-created_at")
    seen = [{"row": row, **_head(row)} for row in rows[:200] if _sees(desk, row)]
    facts = {"here": "lists", "rows": seen[:ON_A_PAGE], "several": len(academies) > 1}
    return page(request, desk, "many/operations", facts)


@console
@require_safe
def one(request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> HttpResponse:
    """Whom it touches, what it does, what is refused and why; then how far it is."""
    operation = _operation(desk, operation_id)
    return page(request, desk, "many/one", _facts(request, desk, operation))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def launch(request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> HttpResponse:
    """The reason, the number typed where there are many, and the act."""
    operation = _operation(desk, operation_id)

    def go(form: Form) -> None:
        operating.launch(
            operation, by=desk.actor, reason=form.reason, typed=form.values["nombre"], now=desk.now
        )

    return _asked(request, desk, operation, "launch", go)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> HttpResponse:
    """The second pair of eyes."""
    operation = _operation(desk, operation_id)

    def go(form: Form) -> None:
        operating.agree(operation, by=desk.actor, reason=form.reason, now=desk.now)

    return _asked(request, desk, operation, "agree", go)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> HttpResponse:
    """Take it back, for those whom nothing happened to since."""
    operation = _operation(desk, operation_id)

    def go(form: Form) -> None:
        operating.undo(operation, by=desk.actor, reason=form.reason, now=desk.now)

    return _asked(request, desk, operation, "undo", go)


@console
@require_POST
def drop(request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> HttpResponse:
    """Put aside what wasn't begun."""
    operation = _operation(desk, operation_id)
    try:
        operating.drop(operation, by=desk.actor, now=desk.now)
    except CasierError:
        messages.error(request, _("C’est déjà commencé."))
        return redirect(f"/console/operations/{operation.pk}/")
    messages.success(request, _("C’est abandonné : rien n’a été fait."))
    return redirect("/console/operations/")


@console
@require_safe
def lines(_request: HttpRequest, desk: Desk, operation_id: uuid.UUID) -> Any:
    """Each line as a file: who, how far, why not."""
    operation = _operation(desk, operation_id)
    seen = _lines(desk, operation).order_by("number")
    rows = (_cells(row) for some in chunks(seen.iterator(), CHUNK) for row in _filled(list(some)))
    head = (_("Numéro"), _("Personne"), _("Adresse"), _("Résultat"), _("Motif"))
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="operation-{operation.pk.hex[:8]}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@console
@with_proof
@require_safe
def sheet_file(_request: HttpRequest, desk: Desk, operation_id: uuid.UUID, file: int) -> HttpResponse:
    """Arrival sheets, for who had them made."""
    operation = _operation(desk, operation_id)
    found = get_object_or_404(operation.sheets.select_related("operation__academy"), number=file)
    answer = HttpResponse(sheets.fetch(found, desk.actor, desk.now), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="feuilles-{file}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


# Pieces ------------------------------------------------------------------------------------------------
def _asked(
    request: HttpRequest, desk: Desk, operation: Operation, what: str, go: Callable[[Form], None]
) -> HttpResponse:
    form = form_of(request, "nombre", told=False)
    if request.method == "POST" and not form.errors:
        try:
            go(form)
        except BadOperation as error:
            if error.facts.get("field") == "typed":
                form.errors["nombre"] = (
                    _("Écrivez %(count)s, le nombre de personnes concernées.") % error.facts
                )
            else:
                form.errors["motif"] = _("Il ne reste personne à qui cela puisse être fait.")
        except CasierError as error:
            if error.code == "not_allowed":
                raise
            refused(form, error)
        else:
            return redirect(f"/console/operations/{operation.pk}/")
    count = operating.planned(operation)
    done = operation.lines.filter(status=LineStatus.DONE).count()
    facts = {
        **_facts(request, desk, operation),
        "what": what,
        "planned": count if what == "launch" else operation.total if what == "agree" else done,
        "typed_wanted": what == "launch" and operating.needs_typing(operation, count),
        "second_wanted": what == "launch" and operating.needs_second(operation, count, desk.now),
    }
    return page(request, desk, "many/launch", facts, form)


def _operation(desk: Desk, operation_id: uuid.UUID) -> Operation:
    """The operation, for who asked for it and who may do the same to the whole academy. Raises NotWithin."""
    _require_any(desk)
    rows = Operation.objects.select_related("academy")
    found = rows.filter(pk=operation_id).first()
    if found is None or not _sees(desk, found):
        raise NotWithin("No such operation within your perimeter.")
    return found


def _require_any(desk: Desk) -> None:
    if not any(deed.ability in desk.abilities for deed in DEEDS.values()):
        desk.require_some(Ability.SUSPEND)


def _sees(desk: Desk, operation: Operation) -> bool:
    if operation.by == desk.actor.name:
        return True
    return desk.may(DEEDS[ManyAct(operation.act)].ability, operation.academy)


def _head(operation: Operation) -> dict[str, Any]:
    act = ManyAct(operation.act)
    return {
        "verb": many_words(act).verb,
        "state": operation_words(operation),
        "who": actor_words(operation.by),
    }


def _lines(desk: Desk, operation: Operation) -> QuerySet[OperationLine]:
    """Those of its lines that are about people whom DESK may see."""
    return operation.lines.filter(account__in=desk.people(Ability.SEE_PERSON).values("pk"))


def _cells(row: OperationLine) -> tuple[object, ...]:
    person, status, why = row.account.person.full_name, status_words(row.status), why_words(row.why)
    return row.number, person, address_of(row.account), status, why


def _filled(rows: list[OperationLine]) -> list[OperationLine]:
    found = {one.pk: one for one in complete(Account.objects.filter(pk__in=[row.account_id for row in rows]))}
    for row in rows:
        row.account = found[row.account_id]
    return rows


def _facts(request: HttpRequest, desk: Desk, operation: Operation) -> dict[str, Any]:
    act = ManyAct(operation.act)
    words, counts = many_words(act), tally(operation)
    status = request.GET.get("statut", "")
    rows = _lines(desk, operation).order_by("status", "number")
    if status in LineStatus.values:
        rows = rows.filter(status=status)
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", ""))
    by_status: dict[str, int] = {}
    for (one, _why), count in counts.items():
        by_status[one] = by_status.get(one, 0) + count
    planned, mine = by_status.get("planned", 0), operation.by == desk.actor.name
    return {
        "here": "lists",
        "operation": operation,
        "elsewhere": operation.academy.name if desk.naming(operation.academy) else "",
        "words": words,
        "way_back": way_back(act),
        "params": params_words(act, operation.params),
        "counts": [
            {"code": code, "words": status_words(code), "count": count} for code, count in by_status.items()
        ],
        "refusals": [
            {"words": why_words(why), "count": people_words(count)}
            for (one, why), count in counts.items() if one in {"refused", "skipped", "kept"} and why
        ],
        "status": status,
        "query": f"statut={status}" if status else "",
        "shown": shown,
        "lines": [_line(row) for row in _filled(list(shown))],
        "to_do": people_words(planned),
        "planned": planned,
        "percent": round(100 * operation.done / operation.total) if operation.total else 0,
        "at_work": operation.state in AT_WORK,
        "mine": mine,
        "launchable": operation.state == OperationState.PREPARED and mine and planned,
        "waits": operation.state == OperationState.WAITS,
        "second_from": operating.second_from(operation),
        "undoable": operation.state == OperationState.DONE and DEEDS[act].undo and by_status.get("done"),
        "files": operation.sheets.filter(until__gt=desk.now).order_by("number"),
        "agreed": actor_words(operation.agreed_by) if operation.agreed_by else "",
        "undone_by": actor_words(operation.undone_by) if operation.undone_by else "",
        **_head(operation),
    }  # fmt: skip


def _line(row: OperationLine) -> dict[str, Any]:
    return {
        "id": str(row.account_id),
        "name": row.account.person.full_name,
        "address": address_of(row.account),
        "status": status_words(row.status),
        "bad": row.status in {"refused", "skipped", "kept"},
        "why": why_words(row.why),
    }
