"""The end of a recovery: once there is a new password, what was open ends and the person is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.api import end_sessions, live_app_passwords, revoke_app_password
from casier.identity.entry.road import Duty, Entry, Purpose
from casier.identity.history.api import Notice
from casier.identity.passwords.api import password_due
from casier.identity.recovery import consequences, links, requests
from casier.identity.recovery.authority import note
from casier.identity.recovery.letters import expire_letters
from casier.identity.recovery.letters import revoke_all as revoke_letters
from casier.identity.recovery.models import Reset, ResetState
from casier.policies.api import policy_for

WHY = "the account was recovered"


def finish(account: Account, entry: Entry, now: datetime) -> bool:
    """Do what follows a new password, once; whether it was done now. On other roads nothing.

    Everything that was open ends, other ways back are shut, locks are opened: they kept out who has just
    proved to be the owner. The news goes by another road than the one that led here.
    """
    if entry.purpose is not Purpose.RECOVERY or Duty.PASSWORD in entry.settled:
        return False
    if password_due(account, entry, now) is not None:
        return False
    by = Actor.account(account.public_id, entry.source)
    with transaction.atomic():
        end_sessions(account, WHY, by)
        cancel_recovery(account, by, WHY, now)
        if policy_for(account.academy).recovery.app_passwords == "end":
            for row in live_app_passwords(account):
                revoke_app_password(account, row.id.hex, by)
        consequences.unlock(account, by, WHY)
        note(by, "recovered", account, "", now, proofs=[str(proof) for proof in entry.proofs])
        facts = {"source": entry.source, "device": entry.device}
        consequences.tell_of(account, Notice.RECOVERED, facts, entry.reach)
    return True


def cancel_recovery(account: Account, by: Actor, reason: str, now: datetime) -> int:
    """Shut every way back that is under way: links, letters, resets that wait for someone. How many."""
    with transaction.atomic():
        waiting = Reset.objects.filter(account=account, state__in=(ResetState.PENDING, ResetState.APPROVED))
        ended = waiting.update(state=ResetState.REFUSED, ended_by=by.name, ended_at=now, end_reason=reason)
        return links.revoke_all(account, now) + revoke_letters(account, by, reason, now) + ended


def forget_old(now: datetime) -> None:
    """What was over long ago, and letters whose time is up."""
    links.forget_old(now)
    requests.forget_old(now)
    expire_letters(now)
