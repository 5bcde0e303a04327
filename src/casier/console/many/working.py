"""The worker's part of acts on many: a portion at a time, each line decided again when its turn comes."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.console.acting import authorise
from casier.console.many import sheets
from casier.console.many.acts import DEEDS, CannotUndo, ManyAct, refusal
from casier.console.many.holding import AtWork, Hold, holding
from casier.console.many.whom import asked_by, locked_row, note, people_of, tally, within_of
from casier.console.models import LineStatus, Operation, OperationLine, OperationState
from casier.directory.finding import by_name
from casier.directory.models import Account
from casier.kernel.chunks import chunks
from casier.kernel.errors import CasierError, NotAllowed, Unavailable

log = logging.getLogger(__name__)
PORTION = 50
CHUNK = 1000


def step(now: datetime | None = None) -> int:
    """A portion of the operation that waits longest; how many lines were gone through, at least 1."""
    now = now or timezone.now()
    at_work = [OperationState.PREPARING, OperationState.RUNNING, OperationState.UNDOING]
    rows = Operation.objects.filter(state__in=at_work, held_until__lte=now).select_related("academy")
    operation = rows.order_by("held_until").first()
    if operation is None:
        return 0
    try:
        with holding(operation) as hold:
            operation.refresh_from_db()
            return _WORK[OperationState(operation.state)](hold)
    except AtWork:
        return 0


def work_off(operation: Operation) -> None:
    """All of it here and now: for the command line, which waits."""
    while Operation.objects.get(pk=operation.pk).state in {str(state) for state in _WORK}:
        try:
            with holding(operation) as hold:
                operation.refresh_from_db()
                _WORK[OperationState(operation.state)](hold)
        except AtWork:
            # The worker took it up: it does the same.
            time.sleep(0.5)
    operation.refresh_from_db()


# Portions ----------------------------------------------------------------------------------------------
def prepare(hold: Hold) -> int:
    """Write a line for everybody who was chosen, some at a time: nobody else waits for the database."""
    operation, now = hold.operation, timezone.now()
    operation.lines.all().delete()  # of one who was killed on the way
    ordered = people_of(operation, now).order_by(*by_name())
    everybody = list(ordered.values_list("pk", flat=True))
    Operation.objects.filter(pk=operation.pk).update(total=len(everybody))
    within, number = within_of(operation, now), 0
    for ids in chunks(everybody, CHUNK):
        lines = _lines_for(operation, ids, within, number + 1)
        with transaction.atomic():
            OperationLine.objects.bulk_create(lines)
        number += len(lines)
        hold.renew(number)
    # Whoever put it aside meanwhile has the last word.
    preparing = Operation.objects.filter(pk=operation.pk, state=OperationState.PREPARING)
    preparing.update(state=OperationState.PREPARED, total=number, done=0)
    return max(number, 1)


def _lines_for(
    operation: Operation, ids: list[uuid.UUID], within: QuerySet[Account], first: int
) -> list[OperationLine]:
    act, by = ManyAct(operation.act), asked_by(operation)
    allowed = set(within.filter(pk__in=ids).values_list("pk", flat=True))
    rows = Account.objects.in_bulk(ids)
    lines = []
    for number, pk in enumerate((pk for pk in ids if pk in rows), first):
        why = _why_not(act, rows[pk], operation, allowed, by)
        status = LineStatus.REFUSED if why else LineStatus.PLANNED
        lines.append(OperationLine(operation=operation, number=number, account_id=pk, status=status, why=why))
    return lines


def _why_not(act: ManyAct, account: Account, operation: Operation, allowed: set[uuid.UUID], by: Actor) -> str:
    if by.name == f"account:{account.public_id}":
        return "oneself"
    if account.pk not in allowed:
        return "not_within"
    if account.academy_id != operation.academy_id:
        return "elsewhere"
    return refusal(act, account, operation.params)


def _run(hold: Hold) -> int:
    operation = hold.operation
    lines = _next(operation, LineStatus.PLANNED)
    if not lines:
        _finish(operation, OperationState.DONE, "operation.finished", asked_by(operation), operation.reason)
        return 1
    by, now = asked_by(operation), timezone.now()
    if operation.act == ManyAct.SHEETS:
        kept = [line for line in lines if _authorised(line, operation, by, now)]
        sheets.make(operation, kept, by, now)
    else:
        for line in lines:
            _one(line, operation, by, now)
    hold.renew(operation.done + len(lines))
    return len(lines)


def _authorised(line: OperationLine, operation: Operation, by: Actor, now: datetime) -> bool:
    try:
        authorise(by, DEEDS[ManyAct(operation.act)].ability, line.account, now)
    except CasierError:
        _settle(line, LineStatus.SKIPPED, "not_within")
        return False
    return True


def _one(line: OperationLine, operation: Operation, by: Actor, now: datetime) -> None:
    """One line in a transaction of its own. What goes wrong with one leaves the others alone."""
    act = ManyAct(operation.act)
    deed = DEEDS[act]
    try:
        with transaction.atomic():
            account = _account(line)
            authorise(by, deed.ability, account, now)
            why = refusal(act, account, operation.params)
            if why:
                _settle(line, LineStatus.SKIPPED, why)
                return
            outcome = deed.do(account, operation.params, by, operation.reason, now) if deed.do else {}
            _settle(line, LineStatus.DONE, "", outcome)
    except Unavailable:
        raise
    except NotAllowed:
        _settle(line, LineStatus.SKIPPED, "not_within")
    except CasierError as error:
        _settle(line, LineStatus.SKIPPED, str(error.facts.get("why", error.code))[:40])
    except Exception:
        log.exception("operation %s, line %s", operation.pk.hex, line.number)
        _settle(line, LineStatus.SKIPPED, "failed")


def _undo(hold: Hold) -> int:
    operation = hold.operation
    lines = _next(operation, LineStatus.DONE)
    by = Actor(operation.undone_by, operation.undone_origin)
    if not lines:
        _finish(operation, OperationState.UNDONE, "operation.undone", by, operation.undone_reason)
        return 1
    for line in lines:
        _undo_one(line, operation, by, timezone.now())
    hold.renew(operation.done + len(lines))
    return len(lines)


def _undo_one(line: OperationLine, operation: Operation, by: Actor, now: datetime) -> None:
    deed = DEEDS[ManyAct(operation.act)]
    try:
        with transaction.atomic():
            account = _account(line)
            authorise(by, deed.ability, account, now)
            if deed.undo is not None:
                deed.undo(account, line.outcome, by, operation.undone_reason, now)
            _settle(line, LineStatus.UNDONE, "", line.outcome)
    except Unavailable:
        raise
    except CannotUndo as error:
        _settle(line, LineStatus.KEPT, error.why, line.outcome)
    except CasierError as error:
        why = "not_within" if isinstance(error, NotAllowed) else error.code
        _settle(line, LineStatus.KEPT, why[:40], line.outcome)
    except Exception:
        log.exception("undoing operation %s, line %s", operation.pk.hex, line.number)
        _settle(line, LineStatus.KEPT, "failed", line.outcome)


_WORK: dict[OperationState, Callable[[Hold], int]] = {
    OperationState.PREPARING: prepare,
    OperationState.RUNNING: _run,
    OperationState.UNDOING: _undo,
}


def _next(operation: Operation, status: LineStatus) -> list[OperationLine]:
    rows = operation.lines.filter(status=status).order_by("number")
    return list(rows.select_related("account__academy", "account__person", "account__store")[:PORTION])


def _account(line: OperationLine) -> Account:
    rows = Account.objects.select_for_update(of=("self",)).select_related("academy", "person", "store")
    return rows.get(pk=line.account_id)


def _settle(
    line: OperationLine, status: LineStatus, why: str, outcome: dict[str, object] | None = None
) -> None:
    line.status, line.why = status, why
    line.outcome = line.outcome if outcome is None else outcome
    line.save(update_fields=["status", "why", "outcome"])


def _finish(operation: Operation, state: OperationState, action: str, by: Actor, reason: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        locked = locked_row(operation)
        locked.state = state
        if state == OperationState.DONE:
            locked.done_at = now
        else:
            locked.undone_at = now
        locked.save(update_fields=["state", "done_at", "undone_at"])
        counts: dict[str, int] = {}
        for (status, _why), count in tally(locked).items():
            counts[status] = counts.get(status, 0) + count
        note(locked, action, by, reason, now, **counts)
