"""Arrival sheets of many: made by the worker, sealed at once, fetched by who asked for them, then gone."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.console.models import LineStatus, Operation, OperationLine, SheetFile
from casier.directory.errors import WrongState
from casier.identity.activation.inviting import Invited, invite
from casier.identity.activation.sheets import print_sheets, sheet_of
from casier.identity.dispatch.sealing import vault
from casier.kernel.errors import NotAllowed

# They open accounts: who doesn't fetch them by then makes new ones.
KEPT = timedelta(hours=48)
_USE = "arrival sheets"


def make(operation: Operation, lines: Sequence[OperationLine], by: Actor, now: datetime) -> None:
    """New sheets for LINES in one file: all of them or none, so that no code ends without its successor."""
    invited: list[Invited] = []
    with transaction.atomic():
        for line in lines:
            try:
                invited.append(invite(line.account, by=by, reason=operation.reason, now=now))
            except WrongState:
                line.status, line.why = LineStatus.SKIPPED, f"is_{line.account.state}"
            else:
                line.status = LineStatus.DONE
        if invited:
            _keep(
                operation,
                print_sheets(operation.academy, [sheet_of(one) for one in invited]),
                len(invited),
                now,
            )
        OperationLine.objects.bulk_update(lines, ["status", "why"])


def _keep(operation: Operation, pdf: bytes, count: int, now: datetime) -> None:
    number = operation.sheets.count() + 1
    sealed = vault(_USE).seal(base64.b64encode(pdf).decode(), f"{operation.pk.hex} {number}")
    SheetFile.objects.create(
        operation=operation, number=number, count=count, sealed=sealed, made_at=now, until=now + KEPT
    )


def fetch(file: SheetFile, by: Actor, now: datetime) -> bytes:
    """The PDF. Raises NotAllowed for another than who asked for it, and once its time is over."""
    operation = file.operation
    if by.name != operation.by or file.until <= now:
        raise NotAllowed("These sheets are for whoever had them made, for a time.")
    with transaction.atomic():
        record(
            by, "sheets.fetched", f"operation:{operation.pk.hex}", operation.reason,
            academy=operation.academy.slug, at=now, count=file.count, number=file.number,
        )  # fmt: skip
    return base64.b64decode(vault(_USE).open(bytes(file.sealed), f"{operation.pk.hex} {file.number}"))


def forget(now: datetime) -> int:
    """Delete those whose time is over."""
    return SheetFile.objects.filter(until__lte=now).delete()[0]
