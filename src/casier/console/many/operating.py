"""An act on many, from the choice to the end: written down, looked at, launched, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from casier.audit.api import Actor
from casier.console.acting import authorise, reason_in
from casier.console.many.acts import DEEDS, ManyAct, Params, Weight
from casier.console.many.filters import Filter
from casier.console.many.holding import holding
from casier.console.many.whom import is_operator, locked_row, note, one_at_a_time, people_of
from casier.console.many.working import prepare
from casier.console.models import LineStatus, Operation, OperationState
from casier.directory.access import account_by_id, mailbox_by_id
from casier.directory.errors import WrongState
from casier.directory.mandates import On, require
from casier.directory.models import Academy, Role
from casier.kernel.errors import CasierError, NotAllowed
from casier.policies.api import policy_for

# As many are written down while the page is waited for; more are the worker's.
AT_ONCE = 500
# Within so long, what one person launched counts as one: portions don't go round the second pair of eyes.
TOGETHER = timedelta(days=1)
LARGEST_QUOTA = 10**13


class BadOperation(CasierError):
    """What was asked for can't be: `field` says where."""

    code = "bad_operation"


def begin(
    academy: Academy,
    act: ManyAct,
    chosen_by: Filter | Sequence[uuid.UUID],
    params: Params,
    *,
    by: Actor,
    now: datetime,
) -> Operation:
    """Write down who ACT would touch. Nothing is done to anybody. Raises BadOperation, NotAllowed."""
    wanted = (
        {"filter": chosen_by.facts}
        if isinstance(chosen_by, Filter)
        else {"ids": [one.hex for one in dict.fromkeys(chosen_by)]}
    )
    if wanted.get("ids") == []:
        raise BadOperation("Nobody was chosen.", field="people")
    operation = Operation.objects.create(
        academy=academy, act=act.value, params=checked(act, params, academy, by, now), chosen=wanted,
        by=by.name, origin=by.origin, created_at=now, held_until=now,
    )  # fmt: skip
    if people_of(operation, now)[: AT_ONCE + 1].count() <= AT_ONCE:
        with holding(operation) as hold:
            prepare(hold)
        operation.refresh_from_db()
    return operation


def checked(act: ManyAct, params: Params, academy: Academy, by: Actor, now: datetime) -> Params:
    """PARAMS as they are kept. Raises BadOperation, NotAllowed."""
    if act is ManyAct.LEAVE and params.get("last_day"):
        try:
            return {"last_day": date.fromisoformat(str(params["last_day"])).isoformat()}
        except ValueError as error:
            raise BadOperation("Not a day.", field="last_day") from error
    if act is ManyAct.QUOTA:
        size = params.get("bytes")
        if size is not None and not (isinstance(size, int) and 0 < size <= LARGEST_QUOTA):
            raise BadOperation("Not a size.", field="bytes")
        return {"bytes": size}
    if act is ManyAct.MEMBER:
        mailbox = mailbox_by_id(str(params.get("mailbox", "")))
        if mailbox.academy_id != academy.pk or params.get("role") not in Role.values:
            raise BadOperation("Not a mailbox of the academy, or not a role.", field="mailbox")
        if not is_operator(by):
            require_mailbox(by, mailbox.school or mailbox.academy, now)
        return {"mailbox": mailbox.pk.hex, "name": mailbox.name, "role": str(params["role"])}
    return {}


def require_mailbox(by: Actor, on: On, now: datetime) -> None:
    """Raises NotAllowed unless BY may name the members of a mailbox of ON, a school or an academy."""
    require(account_by_id(by.name.partition(":")[2]), DEEDS[ManyAct.MEMBER].ability, on, now)


def launch(operation: Operation, *, by: Actor, reason: str, typed: str = "", now: datetime) -> Operation:
    """Do what was looked at: the worker goes through the lines. Raises BadOperation, NoReason, WrongState,
    NotAllowed for another than who prepared it.
    """
    with transaction.atomic():
        one_at_a_time(by)
        locked = locked_row(operation)
        if locked.by != by.name:
            raise NotAllowed("Whoever chose these people launches the act.", actor=by.name)
        if locked.state != OperationState.PREPARED:
            raise WrongState("There is nothing to launch.", state=locked.state)
        count = planned(locked)
        if not count:
            raise BadOperation("Nobody is left to whom this can be done.", field="people")
        if needs_typing(locked, count) and not is_operator(by) and typed.strip() != str(count):
            raise BadOperation("The number has to be typed.", field="typed", count=count)
        locked.reason = reason_in(reason)
        locked.total, locked.done = count, 0
        waits = needs_second(locked, count, now) and not is_operator(by)
        locked.state = OperationState.WAITS if waits else OperationState.RUNNING
        locked.launched_at, locked.held_until = now, now
        locked.save()
        note(locked, "operation.launched", by, locked.reason, now, count=count)
    return locked


def agree(operation: Operation, *, by: Actor, reason: str, now: datetime) -> Operation:
    """The second pair of eyes. Raises NotAllowed, for whoever launched it, too."""
    with transaction.atomic():
        locked = locked_row(operation)
        if locked.by == by.name:
            raise NotAllowed("Another person has to agree.", actor=by.name)
        authorise(by, DEEDS[ManyAct(locked.act)].ability, locked.academy, now)
        if locked.state != OperationState.WAITS:
            raise WrongState("Nothing waits to be agreed to.", state=locked.state)
        locked.state, locked.agreed_by, locked.held_until = OperationState.RUNNING, by.name, now
        locked.save(update_fields=["state", "agreed_by", "held_until"])
        note(locked, "operation.agreed", by, reason_in(reason), now, count=locked.total)
    return locked


def drop(operation: Operation, *, by: Actor, now: datetime) -> None:
    """Put aside what wasn't begun. Raises WrongState."""
    with transaction.atomic():
        locked = locked_row(operation)
        if locked.state not in {OperationState.PREPARING, OperationState.PREPARED, OperationState.WAITS}:
            raise WrongState("It has begun.", state=locked.state)
        was = locked.state
        locked.state = OperationState.DROPPED
        locked.save(update_fields=["state"])
        if was == OperationState.WAITS:
            note(locked, "operation.dropped", by, locked.reason, now, count=locked.total)


def undo(operation: Operation, *, by: Actor, reason: str, now: datetime) -> Operation:
    """Take back what it did to each whom nothing happened to since.

    Raises WrongState, NotAllowed, NoReason.
    """
    with transaction.atomic():
        locked = locked_row(operation)
        deed = DEEDS[ManyAct(locked.act)]
        if locked.by != by.name:
            authorise(by, deed.ability, locked.academy, now)
        if locked.state != OperationState.DONE or deed.undo is None:
            raise WrongState("This can't be taken back.", state=locked.state)
        count = locked.lines.filter(status=LineStatus.DONE).count()
        locked.state, locked.total, locked.done, locked.held_until = OperationState.UNDOING, count, 0, now
        locked.undone_by, locked.undone_origin, locked.undone_reason = by.name, by.origin, reason_in(reason)
        locked.save()
        note(locked, "operation.undo_asked", by, locked.undone_reason, now, count=count)
    return locked


def planned(operation: Operation) -> int:
    """To how many it would be done."""
    return operation.lines.filter(status=LineStatus.PLANNED).count()


def needs_typing(operation: Operation, count: int) -> bool:
    """Whether the number of people has to be typed."""
    return count >= policy_for(operation.academy).many.typed_from


def second_from(operation: Operation) -> int:
    """From how many people on a second person has to agree; 0: never."""
    many = policy_for(operation.academy).many
    weight = DEEDS[ManyAct(operation.act)].weight
    return {
        Weight.LIGHT: 0,
        Weight.SHUTS_OUT: many.suspend_second_from,
        Weight.CLOSES: many.close_second_from,
    }[weight]


def needs_second(operation: Operation, count: int, now: datetime) -> bool:
    """Whether a second person has to agree, counting what the same person launched lately."""
    first = second_from(operation)
    return bool(first) and count + _lately(operation, now) >= first


def _lately(operation: Operation, now: datetime) -> int:
    """To how many whoever asks did the same within a day, with nobody else's agreement."""
    alone = Operation.objects.filter(
        academy=operation.academy, act=operation.act, by=operation.by, agreed_by="",
        state__in=[OperationState.RUNNING, OperationState.DONE], launched_at__gt=now - TOGETHER,
    )  # fmt: skip
    total: int | None = alone.exclude(pk=operation.pk).aggregate(total=Sum("total"))["total"]
    return total or 0


def ids_in(texts: Iterable[str]) -> list[uuid.UUID]:
    """The ids that TEXTS are. Raises BadOperation."""
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError as error:
        raise BadOperation("Not an id.", field="people") from error
