"""Taking something on, giving it to a colleague, saying that it is done; what the others see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached
from casier.mailbox.teamwork.models import Answer, Work
from casier.mailbox.teamwork.team import Team, team_for

# What mail programs show, and set: keywords of the message (RFC 9051 §2.3.2).
ASSIGNED, HANDLED = "casier-assigned", "casier-handled"
MOST_AT_ONCE = 100
MOST_TOLD = 500
KEPT = timedelta(days=400)


class NotInTeam(CasierError):
    """Nobody of this mailbox has this id, or may not work there."""

    code = "not_in_team"


class NoSuchMessage(CasierError):
    """The messages aren't in this mailbox, or may not be changed."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said of messages: ASSIGN_TO (an account's id, "" for nobody), HANDLED; None: as it is."""

    emails: tuple[str, ...]
    assign_to: str | None = None
    handled: bool | None = None


def store() -> Jmap:
    """The road to the store."""
    instance = settings.CASIER_INSTANCE
    return Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))


def set_work(account: Account, mailbox_key: str, wanted: Wanted, *, by: Actor, now: datetime) -> None:
    """Say of messages who sees to them, or that they are done.

    Raises NotOpen, MayOnlyRead, NotInTeam, NoSuchMessage, Unavailable. The store is asked first, as the
    person: where it refuses, nothing is said.
    """
    team = team_for(account, mailbox_key, now, to_change=True)
    chosen = _member(team, wanted.assign_to) if wanted.assign_to else None
    threads = _set_keywords(account, mailbox_key, wanted)
    with transaction.atomic():
        for email, thread in threads.items():
            row, _ = Work.objects.get_or_create(
                mailbox_key=mailbox_key, email_id=email, defaults={"thread_id": thread, "changed_at": now}
            )
            _take(row, wanted, chosen, account, now)
        record(
            by, _name(wanted), team.target, "", academy=account.academy.slug, at=now,
            emails=list(threads), to=chosen.public_id if chosen else "",
        )  # fmt: skip
        transaction.on_commit(team.tell)


def works_of(mailbox_key: str, since: datetime | None) -> QuerySet[Work]:
    """What is known of the messages of a mailbox, changed after SINCE; the latest first."""
    rows = Work.objects.filter(mailbox_key=mailbox_key)
    if since is not None:
        rows = rows.filter(changed_at__gt=since)
    people = ("assigned_to__person", "assigned_by__person", "handled_by__person")
    answered = rows.select_related(*people).prefetch_related("answers__by__person")
    return answered.order_by("-changed_at")[:MOST_TOLD]


def works_on(mailbox_key: str, emails: Sequence[str]) -> QuerySet[Work]:
    """What is known of these messages."""
    people = ("assigned_to__person", "assigned_by__person", "handled_by__person")
    rows = Work.objects.filter(mailbox_key=mailbox_key, email_id__in=emails[:MOST_AT_ONCE])
    return rows.select_related(*people).prefetch_related("answers__by__person")


def note_answer(
    mailbox_key: str, message: tuple[str, str], by: Account, answer: tuple[str, str], now: datetime
) -> bool:
    """MESSAGE (id and thread) was answered by BY, with ANSWER (author, Message-ID). Whether that is new."""
    with transaction.atomic():
        work, _ = Work.objects.get_or_create(
            mailbox_key=mailbox_key,
            email_id=message[0],
            defaults={"thread_id": message[1], "changed_at": now},
        )
        _, new = Answer.objects.get_or_create(
            work=work, message_id=answer[1], defaults={"by": by, "at": now, "address": answer[0]}
        )
        if new:
            Work.objects.filter(pk=work.pk).update(changed_at=now)
    return new


def forget_old(now: datetime) -> int:
    """Delete what was said of messages long ago; the keywords stay with them."""
    return Work.objects.filter(changed_at__lt=now - KEPT).delete()[0]


def _member(team: Team, account_id: str) -> Account:
    found = (one for one in team.members if one.public_id == account_id and one.pk in team.may_work)
    member = next(found, None)
    if member is None:
        raise NotInTeam(account=account_id)
    return member


def _name(wanted: Wanted) -> str:
    if wanted.handled is not None:
        return "teamwork.handled" if wanted.handled else "teamwork.reopened"
    return "teamwork.assigned" if wanted.assign_to else "teamwork.unassigned"


def _take(row: Work, wanted: Wanted, chosen: Account | None, account: Account, now: datetime) -> None:
    if wanted.assign_to is not None:
        row.assigned_to, row.assigned_by = chosen, account if chosen else None
        row.assigned_at = now if chosen else None
    if wanted.handled is not None:
        row.handled_by, row.handled_at = (account, now) if wanted.handled else (None, None)
    row.changed_at = now
    row.save()


def _patch(wanted: Wanted) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    if wanted.assign_to is not None:
        patch[f"keywords/{ASSIGNED}"] = True if wanted.assign_to else None
    if wanted.handled is not None:
        patch[f"keywords/{HANDLED}"] = True if wanted.handled else None
    return patch


def _set_keywords(account: Account, mailbox_key: str, wanted: Wanted) -> dict[str, str]:
    """Mark the messages in the store as ACCOUNT; the thread of each that is marked."""
    emails = list(dict.fromkeys(wanted.emails))
    where = {"accountId": mailbox_key}
    patch = _patch(wanted)
    try:
        with store().acting_for(account.mailbox_key) as session:
            answers = session.call(
                ("Email/set", {**where, "update": dict.fromkeys(emails, patch)}, "s"),
                ("Email/get", {**where, "ids": emails, "properties": ["threadId"]}, "g"),
            )
            done = set(answers["s"].get("updated") or {})
            threads = {str(one["id"]): str(one["threadId"]) for one in answers["g"]["list"]}
    except (NotReached, NoAnswer) as error:
        raise Unavailable("store", cause=str(error.facts)) from error
    marked = {email: thread for email, thread in threads.items() if email in done}
    if not marked:
        raise NoSuchMessage(mailbox=mailbox_key, emails=emails)
    return marked
