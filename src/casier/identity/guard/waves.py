"""Attack waves: many failures at once against an academy. Seen each minute, kept as a row, told once.

Failures are counted where they happen, in Redis. The worker looks every few seconds: a wave opens with the
first minute of many failures and few successes, tightens the limits of unknown devices' sources while it
lasts, and closes after ten quiet minutes. Its row says what it was; the security officers get one alert for
it.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.access import account_by_id
from casier.directory.errors import NotFound
from casier.directory.mandates import whole_offices
from casier.directory.models import Academy, Office
from casier.identity.guard import lanes
from casier.identity.guard.models import AttackWave
from casier.identity.history.api import Notice, tell, tell_holders
from casier.identity.redis_link import answering
from casier.policies.api import policy_for

LOG = logging.getLogger("casier.identity.guard.waves")
GUARD = Actor.system("guard")
# A minute like this opens a wave. A rentrée's morning has many mistakes too, and many more successes.
FAILURES, TIMES_SUCCESSES = 60, 3
# A wave goes on while a minute has this many.
STILL = 20
QUIET = timedelta(minutes=10)
# Locks told of in one look.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened at an academy's doors in a minute."""

    failures: int
    successes: int
    sources: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Wave:
    """Many failures at once against an academy."""

    id: int
    academy: str  # slug
    opened_at: datetime
    closed_at: datetime | None
    failures: int
    sources: int
    accounts: int


def is_wave(minute: Minute) -> bool:
    """Whether a minute like this opens a wave."""
    return minute.failures >= FAILURES and minute.failures >= TIMES_SUCCESSES * minute.successes


def look(now: float) -> int:
    """Open, follow and close the waves, and tell of locks. How many waves are on."""
    on = 0
    for academy in Academy.objects.all():
        on += int(_look_at(academy, now))
    tell_of_locks()
    return on


def waves(academy: Academy) -> list[Wave]:
    """The waves against ACADEMY, the newest first."""
    rows = AttackWave.objects.filter(academy=academy).order_by("-opened_at")[:100]
    return [
        Wave(row.pk, academy.slug, row.opened_at, row.closed_at, row.failures, row.sources, row.accounts)
        for row in rows
    ]


def _look_at(academy: Academy, now: float) -> bool:
    minute = int(now) // 60
    seen = {number: _minute(academy.slug, number) for number in (minute - 1, minute)}
    row = AttackWave.objects.filter(academy=academy, closed_at=None).first()
    if row is None:
        worst = max(seen.values(), key=lambda one: one.failures)
        if not is_wave(worst):
            return False
        row = _open(academy, worst, minute, now)
        if row is None:
            return True
    return _follow(academy, row, seen, now)


def _minute(slug: str, minute: int) -> Minute:
    with answering() as redis:
        pipeline = redis.pipeline(transaction=False)
        pipeline.get(lanes.minute_key("wrong", slug, minute))
        pipeline.get(lanes.minute_key("right", slug, minute))
        pipeline.pfcount(lanes.minute_key("sources", slug, minute))
        pipeline.pfcount(lanes.minute_key("people", slug, minute))
        wrong, right, sources, people = pipeline.execute()
    return Minute(int(wrong or 0), int(right or 0), int(sources), int(people))


def _open(academy: Academy, worst: Minute, minute: int, now: float) -> AttackWave | None:
    """A new wave, and the one alert for it; None when another process has just opened it."""
    at = datetime.fromtimestamp(now, UTC)
    try:
        with transaction.atomic():
            # What follows counts from the minute before: it is added there.
            row = AttackWave.objects.create(
                academy=academy, opened_at=at, active_at=at, counted_minute=minute - 2
            )
            record(GUARD, "identity.wave_opened", f"academy:{academy.slug}", "", academy=academy.slug)
            facts = {
                "wave": str(row.pk),
                "failures": str(worst.failures),
                "sources": str(worst.sources),
                "accounts": str(worst.accounts),
            }
            told = tell_holders(academy, _officers(academy, at), Notice.ATTACK_WAVE, facts)
    except IntegrityError:
        return None
    LOG.warning("a wave of failures against %s: %s; %d were told", academy.slug, worst, told)
    return row


def _officers(academy: Academy, at: datetime) -> list[Office]:
    """The security officers; where there is none, the DSI."""
    held = whole_offices([Office.SECURITY], academy, at)
    return [Office.SECURITY] if held.exists() else [Office.DSI]


def _follow(academy: Academy, row: AttackWave, seen: dict[int, Minute], now: float) -> bool:
    """Add what whole minutes brought, keep the limits tight, close after quiet. Whether it is still on."""
    at = datetime.fromtimestamp(now, UTC)
    last = max(seen)
    for number in sorted(seen):
        if row.counted_minute < number < last:
            row.failures += seen[number].failures
            row.counted_minute = number
        row.sources = max(row.sources, seen[number].sources)
        row.accounts = max(row.accounts, seen[number].accounts)
    if any(minute.failures >= STILL for minute in seen.values()):
        row.active_at = at
    over = at - row.active_at >= QUIET
    if over:
        row.closed_at = at
    with transaction.atomic():
        row.save()
        if over:
            record(GUARD, "identity.wave_closed", f"academy:{academy.slug}", "", academy=academy.slug)
    with answering() as redis:
        if over:
            redis.delete(lanes.wave_key(academy.slug))
        else:
            redis.set(lanes.wave_key(academy.slug), row.pk, ex=int(QUIET.total_seconds()))
    return not over


def tell_of_locks() -> int:
    """Tell people whose lane was locked, and the journal. Names that nobody has were queued as well."""
    told = 0
    for _number in range(BATCH):
        with answering() as redis:
            text = redis.lpop(lanes.LOCKED_QUEUE)
        if text is None:
            break
        told += int(_tell_of(json.loads(str(text))))
    return told


def _tell_of(lock: dict[str, str]) -> bool:
    if lock["person"].startswith(lanes.STRANGER):
        return False
    try:
        account = account_by_id(lock["person"])
    except NotFound:
        return False
    minutes = policy_for(account.academy).lock.minutes
    kind = lock["lane"].partition(":")[0]
    with transaction.atomic():
        record(
            GUARD, "identity.locked", f"account:{account.public_id}", "",
            academy=account.academy.slug, lane=kind, source=lock["source"],
        )  # fmt: skip
        facts = {"source": lock["source"], "minutes": str(minutes) if minutes else ""}
        tell(account, Notice.LOCKED, facts)
    return True
