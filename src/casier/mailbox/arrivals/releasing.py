"""Giving back what was taken out wrongly."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.errors import NotFound
from casier.edge.tokens import Tokens
from casier.engines.cyrus.imap import StoreRefused
from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance, Port
from casier.mailbox.arrivals.api import vouch_for
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.arrivals.quarantine import Quarantine, in_journal
from casier.mailbox.importing import dates
from casier.mailbox.importing.appending import Appended, Entry, StoreConnection
from casier.mailbox.importing.names import decode


class AlreadyReleased(CasierError):
    """It was given back before."""

    code = "wrong_state"


def release(instance: Instance, reference: str, *, by: Actor, reason: str, now: datetime) -> Quarantined:
    """Put the message back where it was, or into the inbox where that folder is gone; it stays there.

    Raises NotFound, AlreadyReleased, Unavailable.
    """
    with transaction.atomic():
        taken = Quarantined.objects.select_for_update().filter(reference=reference.upper()).first()
        if taken is None:
            raise NotFound("no such message in quarantine", reference=reference)
        if taken.released_at is not None:
            raise AlreadyReleased("given back already", state=f"{taken.released_at:%Y-%m-%d}")
        taken.folder, placed = _put_back(instance, taken, now)
        vouch_for(taken.owner)(decode(taken.folder), placed)
        taken.released_at = now
        taken.save(update_fields=["released_at", "folder"])
        target, academy = in_journal(taken.owner)
        record(
            by, "message.released", target, reason, academy=academy, at=now,
            reference=taken.reference, folder=taken.folder, detail=taken.detail,
        )  # fmt: skip
    return taken


def _put_back(instance: Instance, taken: Quarantined, now: datetime) -> tuple[str, Appended]:
    entry = Entry(Quarantine.of(instance).file(taken).read_bytes(), dates.imap(now))
    password = Tokens(instance.key("token")).make(taken.owner, time.time())
    with StoreConnection(instance.port(Port.STORE_IMAP), taken.owner, password) as store:
        try:
            return taken.folder, _placed(store.append(decode(taken.folder), [entry]))
        except StoreRefused as refusal:
            if "TRYCREATE" not in str(refusal):
                raise
            return "INBOX", _placed(store.append("INBOX", [entry]))


def _placed(placed: Appended | None) -> Appended:
    if placed is None:
        raise StoreRefused("the store does not say where the message went")
    return placed
