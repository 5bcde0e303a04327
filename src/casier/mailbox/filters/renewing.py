"""Rules that an earlier version wrote, written as this one does: what it mends in them holds for everyone.

The scripts are the only copy of the rules, and otherwise change only when their owner saves them.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction

from casier.audit.api import emit
from casier.audit.wake import client
from casier.directory.life import OUT
from casier.directory.models import Account
from casier.kernel import published
from casier.mailbox.choices.models import Choice
from casier.mailbox.filters import script, sieve, spellings, writing
from casier.mailbox.filters.actions import TooLong, parsed, written
from casier.mailbox.filters.rules import Rules
from casier.mailbox.filters.store import Changed, ScriptRefused, ScriptStore, script_store

log = logging.getLogger(__name__)
TOPIC = "rules.edition"
# Nobody acts for them; whoever is let in again may save their rules, or `./casier mailbox renew` does it.
SHUT = OUT
_WRITERS = [Path(one.__file__ or "") for one in (script, sieve, spellings, writing)]
# How this version writes rules; an upgrade that changes it has them written anew.
EDITION = hashlib.sha256(b"".join(one.read_bytes() for one in _WRITERS)).hexdigest()[:16]


def ask_where_outdated() -> int:
    """Ask the worker for everyone's rules, where another edition wrote them; of how many people.

    Where Redis has forgotten, they are looked at once more, which changes nothing.
    """
    redis = client(settings.REDIS_SOCKET)
    if redis.get(published.RULES_EDITION) == EDITION.encode():
        return 0
    # Beside the choices stands a mirror of the absence of each who ever looked at their rules.
    owners = Choice.objects.filter(section="absence").values_list("account", flat=True)
    with transaction.atomic():
        count = 0
        for pk in owners.iterator():
            emit(TOPIC, pk.hex)
            count += 1
    redis.set(published.RULES_EDITION, EDITION)
    return count


def renew(account: Account, store: ScriptStore | None = None) -> bool:
    """Write the rules of ACCOUNT as this version does; whether anything changed. Raises Unavailable.

    A script of ours that is not active stays so, and what others wrote stays theirs.
    """
    if account.state in SHUT:
        return False
    store = store or script_store(account.mailbox_key)
    shelf = store.read()
    if shelf.ours is None:
        return False
    held = parsed(shelf)
    try:
        text = written(account, Rules(state=shelf.state, items=held.items, absence=held.absence), held)
        if text == shelf.ours.text:
            return False
        store.write(text, shelf, activate=shelf.ours.active)
    except Changed:
        return False  # by this version, this moment
    except (TooLong, ScriptRefused, msgspec.MsgspecError) as error:
        log.warning("the rules of %s stay as they were: %s", account.public_id, error)
        return False
    return True
