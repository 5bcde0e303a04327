"""The worker's part: submit what is due, note what came of it, tell the browsers.

A row is claimed for longer than a submission can last. A worker that dies leaves the row claimed; who claims
it next sees that a try began, and looks for the message among what has left before anything is sent again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone, translation
from redis.exceptions import RedisError

from casier.audit.wake import client
from casier.kernel.errors import new_reference
from casier.kernel.instance import Port
from casier.kernel.published import CHANNEL_PUSH
from casier.mailbox.sending import evidence, jmap, transport
from casier.mailbox.sending.models import PendingSend, State
from casier.mailbox.sending.originals import Original
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unfiled, Unknown
from casier.mailbox.sending.submission import Message, Roads, reference_in, submit
from casier.mailbox.sending.words import reason_for
from casier.mailbox.writing.filling import Filled

LOG = logging.getLogger("casier.mailbox.sending")
AT_ONCE = 4
BATCH = 16
LEASE = timedelta(seconds=(BATCH // AT_ONCE) * (4 * jmap.ANSWER_SECONDS + 2 * transport.ANSWER_SECONDS))
# Postfix goes on with a message whose client died after the last dot; it has certainly ended, and said so in
# its log, after this long: it waits for the scanners for 180 seconds (`milter_content_timeout`).
SETTLED = timedelta(seconds=transport.ANSWER_SECONDS)
FIRST_DELAY = timedelta(seconds=3)
LONGEST_DELAY = timedelta(minutes=10)
# After this long a person must be told rather than left hoping.
GIVE_UP = timedelta(hours=24)
KEPT = timedelta(days=7)

Submit = Callable[[Message], Outcome]


def run_due(now: datetime | None = None, submitting: Submit | None = None) -> int:
    """Submit what is due at NOW; how many were looked at. Never raises for a single message's sake."""
    _take_over()
    rows = _claim(now or timezone.now())
    if not rows:
        return 0
    act = submitting or _submit
    if len(rows) == 1:
        _settle(rows[0], _guarded(act, _message(rows[0])), timezone.now())
        return 1
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send") as pool:
        running = {pool.submit(_guarded, act, _message(row)): row for row in rows}
        for done in as_completed(running):
            _settle(running[done], done.result(), timezone.now())
    return len(rows)


def send_due() -> int:
    """Submit what is due; 0 unless there may be more: when the next one is due, `next_due` tells."""
    looked_at = run_due()
    return looked_at if looked_at == BATCH else 0


def next_due() -> datetime | None:
    """When `run_due` has something to do next; None when nothing waits."""
    first = PendingSend.objects.filter(state__in=(State.WAITING, State.SENDING)).aggregate(
        waiting=Min("next_try_at", filter=Q(state=State.WAITING)),
        held=Min("claimed_until", filter=Q(state=State.SENDING)),
    )
    return min((moment for moment in first.values() if moment), default=None)


def forget_done(now: datetime) -> int:
    """Delete rows that were done with a week ago: who wrote to whom is not kept here."""
    return PendingSend.objects.filter(done_at__lt=now - KEPT).delete()[0]


@lru_cache(maxsize=1)
def _take_over() -> None:
    """Once a process, for the one worker of a platform: what its forerunner held is looked at again soon.

    Not at once: Postfix goes on with a message after its client has died.
    """
    PendingSend.objects.filter(state=State.SENDING).update(claimed_until=timezone.now() + SETTLED)


def _claim(now: datetime) -> list[PendingSend]:
    """Take what is due. Undo and this meet in one conditional UPDATE a row: one of them wins."""
    due = Q(state=State.WAITING, next_try_at__lte=now) | Q(state=State.SENDING, claimed_until__lte=now)
    rows = list(PendingSend.objects.filter(due).select_related("account").order_by("next_try_at")[:BATCH])
    return [row for row in rows if _take(row, now)]


def _take(row: PendingSend, now: datetime) -> bool:
    same = PendingSend.objects.filter(pk=row.pk, state=row.state, claimed_until=row.claimed_until)
    with transaction.atomic():
        return bool(
            same.update(state=State.SENDING, claimed_until=now + LEASE, submitted_at=row.submitted_at or now)
        )


def _message(row: PendingSend) -> Message:
    """`submitted_at` as it was read: set means that an earlier try may have been successful."""
    return Message(
        person=row.account.mailbox_key,
        mailbox_key=row.mailbox_key,
        email_id=row.email_id,
        mail_from=row.mail_from,
        recipients=tuple(row.recipients),
        tried_before=row.submitted_at is not None,
        has_left=row.left_at is not None,
        signature=Filled(row.signature_html or row.signature, row.signature),
        original=Original(row.original_id, row.original_mark) if row.original_id else None,
    )


def _submit(message: Message) -> Outcome:
    return submit(_roads(), message)


@lru_cache(maxsize=1)
def _roads() -> Roads:
    instance = settings.CASIER_INSTANCE
    store = jmap.Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))
    postfix = transport.Transport(instance.port(Port.POSTFIX_JMAP))
    log = instance.log / "postfix.log"
    return Roads(store, postfix, lambda message_id: evidence.was_accepted(log, message_id))


def _guarded(act: Submit, message: Message) -> Outcome:
    """What nobody foresaw leaves the message where it is; it may have left, so it is looked at first."""
    try:
        return act(message)
    except Exception as error:
        LOG.exception("submission failed")
        return Unknown(type(error).__name__)


def _settle(row: PendingSend, outcome: Outcome, now: datetime) -> None:
    if now - row.due_at >= GIVE_UP:
        outcome = _given_up(outcome)
    if isinstance(outcome, Sent):
        _finish(row, State.SENT, now, "", "")
    elif isinstance(outcome, Refused):
        reference = reference_in(outcome.text) or new_reference()
        LOG.info("refused %s: %s %s (%s)", row.pk.hex, outcome.kind, outcome.text, reference)
        _finish(row, State.REFUSED, now, _reason(row, outcome), reference)
    else:
        _postpone(row, outcome, now)
    _push(row)


def _given_up(outcome: Outcome) -> Outcome:
    """What has left has been sent, wherever the draft lies."""
    if isinstance(outcome, Later | Unknown):
        return Refused("gaveUp", outcome.cause)
    return Sent() if isinstance(outcome, Unfiled) else outcome


def _reason(row: PendingSend, outcome: Refused) -> str:
    user = getattr(row.account, "user", None)
    with translation.override(user.locale if user else settings.LANGUAGE_CODE):
        return reason_for(outcome)


def _finish(row: PendingSend, state: State, now: datetime, reason: str, reference: str) -> None:
    row.state = state
    PendingSend.objects.filter(pk=row.pk).update(
        state=state, done_at=now, reason=reason, reference=reference, claimed_until=None
    )


def _postpone(row: PendingSend, outcome: Later | Unknown | Unfiled, now: datetime) -> None:
    """Wait, longer each time. Only a try that certainly failed can be undone as if it had not been."""
    LOG.warning("send %s: %s, tried again (%s)", row.pk.hex, type(outcome).__name__.lower(), outcome.cause)
    row.attempts += 1
    shortest = SETTLED if isinstance(outcome, Unknown) else FIRST_DELAY
    row.next_try_at = now + max(shortest, min(FIRST_DELAY * 2 ** min(row.attempts - 1, 12), LONGEST_DELAY))
    row.state, row.claimed_until = State.WAITING, None
    row.submitted_at = None if isinstance(outcome, Later) else (row.submitted_at or now)
    if isinstance(outcome, Unfiled):
        row.left_at = row.left_at or now
    row.save(update_fields=["attempts", "next_try_at", "state", "claimed_until", "submitted_at", "left_at"])


def _push(row: PendingSend) -> None:
    """Tell the person's browsers. They ask again when they come back, so a lost word costs nothing."""
    facts = {"account": row.account.mailbox_key, "type": "send", "id": row.pk.hex, "state": row.state}
    try:
        client(settings.REDIS_SOCKET).publish(CHANNEL_PUSH, json.dumps(facts))
    except RedisError as error:
        LOG.info("not pushed (%s)", type(error).__name__)
