"""« It wasn’t me »: by the one-time link of a notice, or by a line of the history of who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.life import ENDED
from casier.directory.models import Account, AccountState, Office
from casier.identity.history import links
from casier.identity.history.deciding import (
    Event,
    Measure,
    Said,
    event_of_notice,
    event_of_result,
    measures,
)
from casier.identity.history.models import NoticeSent, Report, SignIn
from casier.identity.history.results import Notice, SignInResult
from casier.identity.history.telling import tell, tell_holders
from casier.identity.history.undoing import REASON, Step, Undoing, carry_out
from casier.identity.means import api as means
from casier.identity.models import MailProgram
from casier.kernel.errors import CasierError, new_reference
from casier.policies.api import policy_for

# A sign-in and what it changes at once may bear the same second.
_MARGIN = timedelta(minutes=1)
_BY_ONESELF = frozenset({"backup_link", "temporary_code"})


class NothingToDisown(CasierError):
    """The link is not (or no longer) good, or the line isn't there: told alike."""

    code = "nothing_to_disown"


class AlreadyDisowned(CasierError):
    """It was said before, and the account protected."""

    code = "already_disowned"


@dataclass(frozen=True, slots=True)
class Disowned:
    """What is disowned, and since when the account may have been in other hands."""

    account: Account
    event: Event
    since: datetime
    facts: Mapping[str, str]
    app_password: str = ""


@dataclass(frozen=True, slots=True)
class Protected:
    """What was done about it."""

    report: Report
    done: list[Step]
    out: bool  # whether its owner has to come back by another way
    alone: bool  # whether they can, without the help desk

    @property
    def suspended(self) -> bool:
        return any(step[0] == Measure.SUSPEND for step in self.done)


def of_notice(row: NoticeSent) -> Disowned | None:
    """What disowning the notice ROW means; None where there is nothing to disown."""
    notice = Notice(row.notice)
    event = event_of_notice(notice, row.facts)
    if event is None:
        return None
    facts = {"notice": row.notice, "at": row.at.isoformat(), **row.facts}
    program = row.facts.get("id") or _waiting(row) if event is Event.PROGRAM else ""
    came_in = event is Event.CAME_IN
    return Disowned(row.account, event, _since(row.account, row.at, came_in), facts, program)


def _waiting(row: NoticeSent) -> str:
    """The application password of the program that ROW told of; "" when it is there no more."""
    found = MailProgram.objects.filter(
        app_password__account=row.account,
        app_password__revoked_at=None,
        app_password__name=row.facts.get("name", ""),
        address=row.facts.get("source", ""),
    )
    program = found.select_related("app_password").order_by("-seen_at").first()
    return program.app_password.id.hex if program else ""


def of_sign_in(row: SignIn) -> Disowned:
    """What disowning the line ROW of the history means."""
    event = event_of_result(SignInResult(row.result))
    facts = {
        "sign_in": str(row.pk),
        "result": row.result,
        "at": row.at.isoformat(),
        "source": row.source,
        "device": row.device,
    }
    return Disowned(row.account, event, _since(row.account, row.at, True), facts)


def _since(account: Account, at: datetime, came_in: bool) -> datetime:
    """A change was made by who had come in before: as long ago as a session may last."""
    if came_in:
        return at - _MARGIN
    return at - timedelta(hours=policy_for(account.academy).sessions.absolute_hours)


def what_would_be_done(disowned: Disowned, *, signed_in: bool) -> tuple[Measure, ...]:
    """What the button does, to be shown before it is pressed."""
    return measures(disowned.event, Said(signed_in, _way_back(disowned.account, disowned.since)))


def _way_back(account: Account, since: datetime) -> bool:
    """Whether its owner can come back alone, by a means that was verified before it was in other hands."""
    if not _BY_ONESELF & set(policy_for(account.academy).recovery.methods):
        return False
    return means.reached_before(account, since)


def by_link(token: str, source: str) -> Protected:
    """Protect the account whose notice held TOKEN. Raises NothingToDisown, AlreadyDisowned."""
    now = timezone.now()
    with transaction.atomic():
        found = links.find(token, now)
        disowned = of_notice(found.link.notice) if found else None
        if found is None or disowned is None or disowned.account.state in ENDED:
            raise NothingToDisown
        if not links.use(found.link, now):
            raise AlreadyDisowned(at=found.link.notice.disowned_at)
        return _protect(disowned, Actor("visitor", source), road=found.link.road)


def by_notice(account: Account, notice_id: str, by: Actor, keep: str) -> Protected:
    """Protect ACCOUNT, whose owner disowns a notice while signed in; as `by_sign_in`."""
    with transaction.atomic():
        row = (
            NoticeSent.objects.select_related("account__academy", "account__person")
            .filter(account=account, id=notice_id)
            .first()
        )
        disowned = of_notice(row) if row else None
        if row is None or disowned is None:
            raise NothingToDisown
        if not NoticeSent.objects.filter(pk=row.pk, disowned_at=None).update(disowned_at=timezone.now()):
            raise AlreadyDisowned(at=row.disowned_at)
        return _protect(disowned, by, keep=keep)


def by_sign_in(account: Account, sign_in: int, by: Actor, keep: str) -> Protected:
    """Protect ACCOUNT, whose owner disowns a line of the history while signed in.

    KEEP: the digest of the session that stays; "" where it hasn't shown enough who it is, and ends as well.
    """
    with transaction.atomic():
        row = (
            SignIn.objects.select_related("account__academy", "account__person")
            .filter(account=account, pk=sign_in)
            .first()
        )
        if row is None:
            raise NothingToDisown
        if not SignIn.objects.filter(pk=row.pk, disowned_at=None).update(disowned_at=timezone.now()):
            raise AlreadyDisowned(at=row.disowned_at)
        return _protect(of_sign_in(row), by, keep=keep)


def _protect(disowned: Disowned, by: Actor, *, keep: str = "", road: str = "session") -> Protected:
    """Do what the table says, under the account's row lock; report it, journal it, tell it."""
    account = (
        Account.objects.select_for_update(of=("self",))
        .select_related("academy", "person", "store")
        .get(pk=disowned.account.pk)
    )
    alone = _way_back(account, disowned.since)
    wanted = measures(disowned.event, Said(bool(keep), alone))
    undoing = Undoing(account, disowned.since, by, keep, disowned.app_password)
    done = carry_out(wanted, undoing)
    report = Report.objects.create(
        reference=new_reference(),
        account=account,
        academy=account.academy,
        at=timezone.now(),
        road=road,
        source=by.origin[:45],
        event=disowned.event,
        facts=dict(disowned.facts),
        done=[list(step) for step in done],
    )
    record(
        by, "identity.disowned", f"account:{account.public_id}", REASON, academy=account.academy.slug,
        event=disowned.event.value, road=road, reference=report.reference, done=report.done,
    )  # fmt: skip
    out = not keep and any(step[0] in {Measure.SUSPEND, Measure.END_SESSIONS} for step in done)
    _tell(report, done, out)
    return Protected(report, done, out, alone and account.state != AccountState.SUSPENDED)


def _tell(report: Report, done: list[Step], out: bool) -> None:
    facts = {
        "reference": report.reference,
        "done": ",".join(dict.fromkeys(step[0] for step in done)),
        "names": ", ".join(step[2] for step in done if step[2]),
        "road": report.road,
        "out": "yes" if out else "",
    }
    tell(report.account, Notice.PROTECTED, facts)
    person = report.account.person.full_name
    tell_holders(
        report.academy,
        (Office.SECURITY, Office.HELP_DESK),
        Notice.REPORTED,
        {**facts, "person": person, "out": ""},
        but=report.account,
    )
