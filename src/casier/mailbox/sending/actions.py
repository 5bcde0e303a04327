"""Asking to send, and thinking better of it. What the person asked is a row before it is answered."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.wake import wake_worker
from casier.directory.delegating import SENDING
from casier.directory.models import Account, Address, Role
from casier.kernel.errors import CasierError
from casier.kernel.published import CHANNEL_SENDING
from casier.mailbox.delegations.access import held_by, opened
from casier.mailbox.sending.models import Mark, PendingSend, State
from casier.mailbox.writing.signature import signature_at
from casier.policies.api import policy_for

KEPT = timedelta(days=1)
MOST_SHOWN = 50
# What was to leave later: what became of it is told for as long as the rows are kept.
KEPT_SCHEDULED = timedelta(days=7)
FARTHEST = timedelta(days=366)
# The envelope must be one line of printable signs: nothing else may reach SMTP.
_ENVELOPE = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[\w-]+(\.[\w-]+)*")
_LONGEST = 254


class SenderNotYours(CasierError):
    """The address to send as, or the mailbox to send from, isn't the person's."""

    code = "sender_not_yours"


class BadRecipient(CasierError):
    """Something among the recipients is no address."""

    code = "bad_recipient"


class BadMoment(CasierError):
    """The moment to send at has passed, or is more than a year away."""

    code = "bad_moment"


class SendUnderWay(CasierError):
    """This draft is on its way already."""

    code = "send_under_way"


class TooLate(CasierError):
    """The message has left, or is leaving now."""

    code = "too_late"


class NoSuchSend(CasierError):
    """No message of this person waits under this id."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft, in the mailbox that holds it, and its envelope."""

    mailbox_key: str
    email_id: str
    mail_from: str
    recipients: tuple[str, ...]
    send_at: datetime | None = None
    # The message of the same mailbox that it answers or passes on, and what that one bears afterwards.
    original: tuple[str, Mark] | None = None
    # With one's own name as the sender, which decides what must stand below it.
    on_behalf: bool = False


def queue_send(account: Account, asked: Asked, by: Actor) -> PendingSend:
    """Send a draft once the time to undo is over, or at its time. Asking twice for one draft queues it once.

    Raises SenderNotYours, BadRecipient, BadMoment, SendUnderWay.
    """
    _check(account, asked)
    now = timezone.now()
    policy = policy_for(account.academy)
    signature = signature_at(account, policy, asked.mail_from, on_behalf=asked.on_behalf)
    due = now + timedelta(seconds=policy.mail.undo_seconds)
    if asked.send_at is not None:
        due = max(due, _moment(asked.send_at, now))
    try:
        with transaction.atomic():
            row = PendingSend.objects.create(
                account=account,
                mailbox_key=asked.mailbox_key,
                email_id=asked.email_id,
                mail_from=asked.mail_from,
                recipients=list(dict.fromkeys(asked.recipients)),
                origin=by.origin,
                created_at=now,
                due_at=due,
                next_try_at=due,
                scheduled=asked.send_at is not None,
                signature=signature.text,
                signature_html=signature.html,
                original_id=asked.original[0] if asked.original else "",
                original_mark=asked.original[1] if asked.original else "",
            )
            transaction.on_commit(_wake)
    except IntegrityError:
        return _same_again(account, asked)
    return row


def _moment(wanted: datetime, now: datetime) -> datetime:
    """A moment of a request, with its zone. One that has just passed while one was writing is now."""
    if wanted.tzinfo is None or not now - timedelta(minutes=5) <= wanted <= now + FARTHEST:
        raise BadMoment(send_at=wanted.isoformat())
    return wanted


def reschedule_send(account: Account, send_id: str, send_at: datetime) -> PendingSend:
    """Another time for a message that waits for its time. Raises BadMoment, TooLate, NoSuchSend."""
    rows = _rows(account, send_id).filter(scheduled=True)
    due = _moment(send_at, timezone.now())
    waiting = rows.filter(state=State.WAITING, submitted_at__isnull=True)
    changed = waiting.update(due_at=due, next_try_at=due)
    row = rows.first()
    if row is None:
        raise NoSuchSend(id=send_id)
    if not changed:
        raise TooLate(id=send_id, state=row.state)
    _wake()
    return row


def _check(account: Account, asked: Asked) -> None:
    """Refuse what the engines would refuse later: they check again, this answer is sooner and clearer."""
    if not may_open(account, asked.mailbox_key) or not may_send_as(account, asked.mail_from):
        raise SenderNotYours(mail_from=asked.mail_from, mailbox=asked.mailbox_key)
    for recipient in asked.recipients:
        if len(recipient) > _LONGEST or not _ENVELOPE.fullmatch(recipient):
            raise BadRecipient(recipient=recipient)


def may_open(account: Account, mailbox_key: str) -> bool:
    """Whether the mailbox is the account's own or one it writes in."""
    if mailbox_key == account.mailbox_key:
        return True
    other = opened(account, mailbox_key, timezone.now())
    return other is not None and (other.sends_as or other.on_behalf)


def may_send_as(account: Account, mail_from: str) -> bool:
    """Whether an envelope sender is an address of the account, or of a mailbox that it writes for.

    Whether a message on someone's behalf says so is seen where it passes, as for all programs.
    """
    live = Address.objects.filter(address=mail_from.strip().lower(), retired_at__isnull=True)
    lent = live.filter(
        mailbox__is_closed=False,
        mailbox__memberships__account=account,
        mailbox__memberships__role__in=[Role.ANSWER, Role.MANAGE],
    )
    if live.filter(account=account).exists() or lent.exists():
        return True
    owners = [row.owner_id for row, right in held_by(account, timezone.now()) if right in SENDING]
    return live.filter(account__in=owners).exists()


def _same_again(account: Account, asked: Asked) -> PendingSend:
    """The row that a repeated request meant: the answer to the first one was lost on the way."""
    found = PendingSend.objects.filter(
        account=account, mailbox_key=asked.mailbox_key, email_id=asked.email_id, state=State.WAITING
    ).first()
    if found is None:
        raise SendUnderWay(email=asked.email_id)
    return found


def cancel_send(account: Account, send_id: str) -> None:
    """Undo, or take note that it was refused. Raises TooLate, NoSuchSend.

    A conditional UPDATE decides between this and the worker's claim.
    """
    rows = _rows(account, send_id)
    waiting = rows.filter(state=State.WAITING, submitted_at__isnull=True)
    if waiting.update(state=State.CANCELLED, done_at=timezone.now()):
        return
    if rows.filter(state=State.REFUSED).update(state=State.CANCELLED):
        return
    row = rows.first()
    if row is None:
        raise NoSuchSend(id=send_id)
    if row.state != State.CANCELLED:
        raise TooLate(id=send_id, state=row.state)


def _rows(account: Account, send_id: str) -> QuerySet[PendingSend]:
    try:
        return PendingSend.objects.filter(account=account, id=uuid.UUID(send_id))
    except ValueError as error:
        raise NoSuchSend(id=send_id) from error


def recent_sends(account: Account, now: datetime | None = None) -> QuerySet[PendingSend]:
    """What the account sent or tried to in the last day, and all that waits; the newest first.

    What was to leave later and was refused is told for a week. Cancelled ones are left out.
    """
    moment = now or timezone.now()
    lately = Q(created_at__gte=moment - KEPT) | Q(state__in=[State.WAITING, State.SENDING])
    refused = Q(scheduled=True, state=State.REFUSED, done_at__gte=moment - KEPT_SCHEDULED)
    rows = PendingSend.objects.filter(lately | refused, account=account).exclude(state=State.CANCELLED)
    return rows.order_by("-created_at")[:MOST_SHOWN]


def waiting_sends(account: Account) -> int:
    """How many messages wait for their time, or came back instead of leaving."""
    states = [State.WAITING, State.SENDING, State.REFUSED]
    return PendingSend.objects.filter(account=account, scheduled=True, state__in=states).count()


def _wake() -> None:
    wake_worker(settings.REDIS_SOCKET, CHANNEL_SENDING)
