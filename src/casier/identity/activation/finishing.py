"""The end of an activation: the account is open, and what proved its owner is worth nothing any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor
from casier.directory.actions.accounts import activate
from casier.directory.models import Account, AccountState
from casier.identity.activation import tickets
from casier.identity.activation.models import Invitation
from casier.identity.history import api as history


def finish(account: Account, *, by: Actor, now: datetime) -> bool:
    """Make ACCOUNT active when it wasn't yet; True when it was done now. Of two at once, one does it.

    Raises WrongState when the account was suspended or closed meanwhile.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=account.pk)
        if locked.state == AccountState.ACTIVE:
            return False
        activate(locked, by=by, reason="activation", now=now)
        live = Invitation.objects.filter(account=locked, ended_at=None)
        live.update(ended_at=now, used_at=now)
        history.tell(locked, history.Notice.ACTIVATED, {"origin": by.origin})
        transaction.on_commit(lambda: tickets.forget(locked.public_id), robust=True)
    account.state = AccountState.ACTIVE
    return True
