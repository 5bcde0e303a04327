"""What « it wasn’t me » does, measure by measure, through what each room offers; and what it came to.

Each is within the caller's transaction and says what it did; nothing is undone silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.actions.accounts import suspend
from casier.directory.life import ENTERS
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.app_passwords.actions import (
    NoSuchAppPassword,
    live_app_passwords,
    revoke_app_password,
)
from casier.identity.ending import sessions_ended
from casier.identity.factors import api as factors
from casier.identity.guard import api as guard
from casier.identity.history.deciding import Measure
from casier.identity.means import api as means
from casier.identity.models import User

REASON = "the person said: it wasn’t me"


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whose account, since when it may have been in other hands, who says so, what stays."""

    account: Account
    since: datetime
    by: Actor
    keep: str = ""  # digest of the session that stays
    app_password: str = ""  # the one that is disowned


# The measure; what kind of thing it touched and its name, where there is something to name.
Step = tuple[str, str, str]


def carry_out(measures: tuple[Measure, ...], undoing: Undoing) -> list[Step]:
    """Do MEASURES, in order; what was done."""
    return [step for measure in measures for step in _DOING[measure](undoing)]


def _suspend(undoing: Undoing) -> list[Step]:
    if undoing.account.state not in ENTERS:
        return []
    suspend(undoing.account, by=undoing.by, reason=REASON, now=timezone.now())
    return [(Measure.SUSPEND, "", "")]


def _shut_password(undoing: Undoing) -> list[Step]:
    """The password opens nothing any more: whoever knows it could otherwise choose the next one."""
    user = User.objects.select_for_update().filter(account=undoing.account).first()
    if user is None or not user.has_usable_password():
        return []
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _note(undoing, "identity.password_shut")
    return [(Measure.NEW_PASSWORD, "", "")]


def _end_sessions(undoing: Undoing) -> list[Step]:
    """Whoever listens ends the trust in devices along with them."""
    account_id, keep = undoing.account.public_id, undoing.keep
    _note(undoing, "identity.sessions_ended")
    sessions_ended.send(User, account_id=account_id, but=keep)
    transaction.on_commit(lambda: sessions.end_all(account_id, keep), robust=True)
    return [(Measure.END_SESSIONS, "", "")]


def _revoke_since(undoing: Undoing) -> list[Step]:
    """What was added since, by whoever: better once too often than to leave one door."""
    whose = (undoing.account, undoing.since, undoing.by, REASON)
    taken = [*factors.revoke_since(*whose), *means.revoke_since(*whose)]
    steps = [(str(Measure.REVOKE_SINCE), what, name) for what, name in taken]
    return [*_revoke_app_passwords(undoing), *steps]


def _revoke_app_passwords(undoing: Undoing) -> list[Step]:
    rows = live_app_passwords(undoing.account).filter(created_at__gte=undoing.since)
    found = [row.id.hex for row in rows]
    names = [revoke_app_password(undoing.account, row, undoing.by).name for row in found]
    return [(Measure.REVOKE_SINCE, "app_password", name) for name in names]


def _revoke_program(undoing: Undoing) -> list[Step]:
    if not undoing.app_password:
        return []
    try:
        row = revoke_app_password(undoing.account, undoing.app_password, undoing.by)
    except NoSuchAppPassword:
        return []
    return [(Measure.REVOKE_PROGRAM, "app_password", row.name)]


def _forget_devices(undoing: Undoing) -> list[Step]:
    guard.forget_devices(undoing.account)
    return [(Measure.FORGET_DEVICES, "", "")]


def _cut_programs(undoing: Undoing) -> list[Step]:
    """Open connections end; a program whose password is still good comes back by itself."""
    account_id = undoing.account.public_id
    transaction.on_commit(lambda: sessions.tell_ended(account_id), robust=True)
    return [(Measure.CUT_PROGRAMS, "", "")]


def _cancel_recovery(undoing: Undoing) -> list[Step]:
    from casier.identity.recovery.finishing import cancel_recovery

    cancel_recovery(undoing.account, undoing.by, REASON, timezone.now())
    return [(Measure.CANCEL_RECOVERY, "", "")]


def _report(_undoing: Undoing) -> list[Step]:
    """The report holds this list itself: `disowning.py` writes it last."""
    return [(Measure.REPORT, "", "")]


def _note(undoing: Undoing, action: str, **facts: Any) -> None:
    account = undoing.account
    record(
        undoing.by, action, f"account:{account.public_id}", REASON, academy=account.academy.slug, **facts
    )  # fmt: skip


_DOING: dict[Measure, Callable[[Undoing], list[Step]]] = {
    Measure.SUSPEND: _suspend,
    Measure.NEW_PASSWORD: _shut_password,
    Measure.END_SESSIONS: _end_sessions,
    Measure.REVOKE_SINCE: _revoke_since,
    Measure.REVOKE_PROGRAM: _revoke_program,
    Measure.FORGET_DEVICES: _forget_devices,
    Measure.CUT_PROGRAMS: _cut_programs,
    Measure.CANCEL_RECOVERY: _cancel_recovery,
    Measure.REPORT: _report,
}
