"""The programs that use application passwords: when each was seen last, and which of them wait for a word."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from casier.audit.api import Actor, emit, record
from casier.directory.models import Academy, Account
from casier.identity.app_passwords.actions import NoSuchAppPassword, revoke_app_password
from casier.identity.history import api as history
from casier.identity.models import AppPassword, MailProgram, ProgramState
from casier.identity.publish import publish_account
from casier.identity.redis_link import answering
from casier.kernel import programs
from casier.kernel.programs import Use
from casier.policies.api import policy_for

log = logging.getLogger("casier.identity.programs")
BATCH = 500


@dataclass(frozen=True, slots=True)
class LastUse:
    """When an application password was used last, from where, by what."""

    at: datetime
    address: str
    protocol: str
    program: str


def last_uses(rows: list[AppPassword]) -> dict[uuid.UUID, LastUse]:
    """The last use of each of ROWS that was used: what the edge has just noted, else what was kept."""
    with answering() as redis:
        pipeline = redis.pipeline(transaction=False)
        for row in rows:
            pipeline.hgetall(programs.used_key(row.id.hex))
        noted = pipeline.execute()
    uses = {row.id: _noted(facts) or _kept(row) for row, facts in zip(rows, noted, strict=True)}
    return {row_id: use for row_id, use in uses.items() if use}


def kept_uses(rows: list[AppPassword]) -> dict[uuid.UUID, LastUse]:
    """The last uses as the database has them: up to an hour behind."""
    return {row.id: use for row in rows if (use := _kept(row))}


def _noted(facts: dict[str, str]) -> LastUse | None:
    if not facts:
        return None
    at = datetime.fromtimestamp(int(facts["at"]), UTC)
    return LastUse(at, facts.get("address", ""), facts.get("protocol", ""), facts.get("program", ""))


def _kept(row: AppPassword) -> LastUse | None:
    return LastUse(row.used_at, row.used_from, row.used_protocol, row.used_program) if row.used_at else None


def keep_uses(_now: datetime) -> int:
    """Keep the last uses that the edge has noted. What Redis loses meanwhile was noted again by the next."""
    kept = 0
    with answering() as redis:
        while ids := redis.spop(programs.USED, BATCH):
            found = AppPassword.objects.in_bulk([uuid.UUID(str(one)) for one in ids])
            for row_id, use in last_uses(list(found.values())).items():
                row = found[row_id]
                row.used_at, row.used_from = use.at, use.address[:45]
                row.used_protocol, row.used_program = use.protocol[:10], use.program[:80]
            kept += AppPassword.objects.bulk_update(
                found.values(), ["used_at", "used_from", "used_protocol", "used_program"]
            )
    return kept


def tell_waiting() -> int:
    """Write down the programs that the edge holds, and tell their owners. How many were taken in."""
    taken = 0
    with answering() as redis:
        while text := redis.lindex(programs.WAITING, 0):
            _take_in(str(text))
            # Only now: who was to be told is told, also when the database was away.
            redis.lpop(programs.WAITING)
            taken += 1
    return taken


def _take_in(text: str) -> None:
    try:
        use = Use.loads(text)
        wanted = uuid.UUID(use.app_password)
    except (ValueError, TypeError):
        log.exception("a program that waits, in no known form")
        return
    row = (
        AppPassword.objects.select_related("account__academy")
        .filter(id=wanted, revoked_at=None, under_approval=True)
        .first()
    )
    if row is None:
        return
    facts = {
        "address": use.address[:45],
        "protocol": use.protocol[:10],
        "program": use.program[:80],
        "seen_at": datetime.fromtimestamp(use.at, UTC),
    }
    with transaction.atomic():
        program, fresh = MailProgram.objects.get_or_create(app_password=row, pair=use.pair, defaults=facts)
        if fresh:
            told = {"name": row.name, "source": use.address, "device": use.program}
            history.tell(row.account, history.Notice.APP_PASSWORD_WAITS, told)
        elif program.state == ProgramState.WAITS:
            MailProgram.objects.filter(pk=program.pk).update(seen_at=facts["seen_at"])


def waiting_programs(account: Account) -> QuerySet[MailProgram]:
    """What waits for a word of ACCOUNT's person, the latest first."""
    live = MailProgram.objects.filter(app_password__account=account, app_password__revoked_at=None)
    return live.filter(state=ProgramState.WAITS).select_related("app_password").order_by("-seen_at")


def decide(
    account: Account, program_id: uuid.UUID, by: Actor, now: datetime, *, approve: bool
) -> MailProgram:
    """Approve or refuse a program that waits. Raises NoSuchAppPassword when there is none of ACCOUNT's."""
    with transaction.atomic():
        program = waiting_programs(account).select_for_update(of=("self",)).filter(pk=program_id).first()
        if program is None:
            raise NoSuchAppPassword("No such program.", id=str(program_id))
        program.state = ProgramState.APPROVED if approve else ProgramState.REFUSED
        program.decided_at = now
        program.save(update_fields=["state", "decided_at"])
        record(
            by, f"identity.mail_program_{program.state}", f"account:{account.public_id}", "",
            academy=account.academy.slug, app_password=program.app_password_id.hex, address=program.address,
        )  # fmt: skip
        emit("account.changed", account.public_id)
        transaction.on_commit(lambda: publish_account(account), robust=True)
    return program


def forget_waiting(now: datetime) -> int:
    """Forget what waited for a day without a word: it asks again when it comes again."""
    limit = now - timedelta(seconds=programs.WAITS_SECONDS)
    return MailProgram.objects.filter(state=ProgramState.WAITS, seen_at__lt=limit).delete()[0]


def end_unused(now: datetime) -> int:
    """End the application passwords that nothing used for as long as the policy says. How many."""
    return sum(_end_unused(academy, now) for academy in Academy.objects.all())


def _end_unused(academy: Academy, now: datetime) -> int:
    days = policy_for(academy).app_passwords.idle_days
    if not days:
        return 0
    last = Coalesce(F("used_at"), F("created_at"))
    unused = AppPassword.objects.select_related("account__academy").filter(account__academy=academy)
    rows = unused.filter(revoked_at=None).alias(last=last).filter(last__lt=now - timedelta(days=days))
    by = Actor.system("retention")
    for row in rows:
        revoke_app_password(row.account, row.id.hex, by, f"unused for {days} days")
    return len(rows)


def keep_house(now: datetime) -> None:
    """What the worker does each hour."""
    keep_uses(now)
    forget_waiting(now)
    end_unused(now)
