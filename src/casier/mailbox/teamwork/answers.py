"""The worker's part: what those who share a mailbox send becomes known to the others, and to the journal.

The edge leaves word of each message that has passed, from the web client and from mail programs alike. What
it answers is looked up in the mailboxes that its sender shares.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from casier.audit.api import Actor, record
from casier.audit.wake import client
from casier.directory.models import Account, Address, Delegation
from casier.kernel.errors import Unavailable
from casier.kernel.handed_over import FIELD, STREAM, HandedOver
from casier.mailbox.delegations.access import held_by, opened_to
from casier.mailbox.sending.jmap import NoAnswer, NotReached
from casier.mailbox.teamwork.actions import note_answer, store
from casier.mailbox.teamwork.team import team_of

log = logging.getLogger("casier.mailbox.teamwork")
BATCH = 50
# A message that can't be looked at for so long (the store is away) is let go: it was sent all the same.
TRIES = 20

# The messages of a mailbox (its key) with this Message-ID: id and thread of each.
Find = Callable[[str, str], list[tuple[str, str]]]


class Answers:
    """Takes up what was left by the edge, in its order."""

    def __init__(self, find: Find | None = None) -> None:
        self._find = find or find_message
        self._tries: dict[bytes, int] = {}

    def step(self) -> int:
        """Take what there is; how much was done. What can't be done now stays."""
        redis = client(settings.REDIS_SOCKET)
        try:
            waiting = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(STREAM, count=BATCH))
            done = 0
            for entry, fields in waiting:
                if self._settled(entry, fields):
                    redis.xdel(STREAM, entry)
                    done += 1
            return done
        except RedisError as error:
            log.info("what was sent waits: %s", type(error).__name__)
            return 0

    def _settled(self, entry: bytes, fields: dict[bytes, bytes]) -> bool:
        try:
            take(HandedOver.loads(fields.get(FIELD.encode(), b"")), self._find, timezone.now())
        except Unavailable as error:
            self._tries[entry] = self._tries.get(entry, 0) + 1
            if self._tries[entry] < TRIES:
                return False
            log.warning("an answer stays unknown: %s", error)
        except (ValueError, TypeError):
            log.warning("not understood: %s", fields)
        self._tries.pop(entry, None)
        return True


def take(told: HandedOver, find: Find, now: datetime) -> None:
    """Note one message that has passed. Once more adds nothing but a line of the journal."""
    account = Account.objects.select_related("academy").filter(mailbox_key=told.login).first()
    if account is None:
        return
    _note_delegate(account, told, now)
    if not told.in_reply_to or not told.message_id:
        return
    for mailbox_key in _shared_by(account, now):
        for message in find(mailbox_key, told.in_reply_to):
            if note_answer(mailbox_key, message, account, (told.author, told.message_id), now):
                team = team_of(mailbox_key, now)
                if team is not None:
                    team.tell()


def _shared_by(account: Account, now: datetime) -> Iterator[str]:
    yield from (one.mailbox_key for one in opened_to(account, now))
    if account.delegations_given.filter(ended_at=None).exists():
        yield account.mailbox_key


def _note_delegate(account: Account, told: HandedOver, now: datetime) -> None:
    """What is written in a colleague's name is in the journal, and in the colleague's list."""
    row = Address.objects.filter(address=told.author.lower(), account__isnull=False).first()
    if row is None or row.account_id == account.pk:
        return
    held = next((one for one, _ in held_by(account, now) if one.owner_id == row.account_id), None)
    if held is None:
        return
    with transaction.atomic():
        Delegation.objects.filter(pk=held.pk).update(last_used_at=now)
        record(
            Actor.account(account.public_id), "delegation.sent", f"account:{held.owner.public_id}", "",
            academy=account.academy.slug, at=now, delegation=held.id.hex, author=told.author,
            sender=told.sender, message_id=told.message_id,
        )  # fmt: skip


def find_message(mailbox_key: str, message_id: str) -> list[tuple[str, str]]:
    """Look in the store, as the mailbox itself. Raises Unavailable."""
    query: dict[str, Any] = {
        "accountId": mailbox_key,
        "filter": {"header": ["Message-ID", message_id]},
        "limit": 3,
    }
    get = {
        "accountId": mailbox_key,
        "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
        "properties": ["threadId", "messageId"],
    }
    try:
        with store().acting_for(mailbox_key) as session:
            answers = session.call(("Email/query", query, "q"), ("Email/get", get, "g"))
            found: list[dict[str, Any]] = answers["g"]["list"]
    except (NotReached, NoAnswer) as error:
        raise Unavailable("store", cause=str(error.facts)) from error
    return [(one["id"], one["threadId"]) for one in found if message_id in (one.get("messageId") or [])]
