"""Erasing somebody who asked for it: what goes, what must stay and until when, and the doing.

The right to erasure doesn't apply to what a public task needs (GDPR, art. 17.3.b): whoever is in service
keeps an account. Once they have left, everything goes that isn't proof of something.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import RedisError

from casier.audit.api import Actor, record
from casier.audit.pruning import KEPT as JOURNAL
from casier.audit.wake import client, wake_worker
from casier.directory.mandates import Ability
from casier.directory.models import Account, AccountState, Mandate
from casier.engines.supervise.ageing import KEPT as LOGS
from casier.kernel.errors import CasierError
from casier.life import api as life
from casier.life.clocks import day_of, open_departure
from casier.life.models import Certificate, Departure
from casier.life.purging import ERASED, purge, rows_of
from casier.mailbox.stores import store_named
from casier.policies.api import policy_for
from casier.privacy.access import authorise
from casier.privacy.copies.asking import forget_all_of
from casier.privacy.errors import CannotErase
from casier.privacy.keeping.anonymous import anonymise
from casier.privacy.keeping.table import kind_named
from casier.privacy.models import Erasure

log = logging.getLogger(__name__)
BY = Actor.system("erasure")
AGAIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Stays:
    """Something that must stay: what, as a code, and until when; None: as long as it is needed."""

    code: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing would do. REFUSED: why it can't be done now, "" where it can."""

    account: Account
    refused: str
    rows: dict[str, int]
    has_mailbox: bool
    stays: tuple[Stays, ...]
    erasure: Erasure | None


def look(account: Account, now: datetime) -> Plan:
    """What erasing ACCOUNT would take away, and what stays."""
    rows = {label: count for label in ERASED if (count := rows_of(label, account).count())}
    erasure = Erasure.objects.filter(account=account).first()
    has_mailbox = account.provisioned_at is not None and account.state != AccountState.PURGED
    return Plan(account, _refusal(account, erasure), rows, has_mailbox, tuple(_stays(account, now)), erasure)


def _refusal(account: Account, erasure: Erasure | None) -> str:
    if erasure is not None:
        return "erased" if erasure.done_at else "asked"
    if life.is_held(account):
        return "held"
    if account.state not in {AccountState.CLOSED, AccountState.PURGED}:
        return "in_service"
    return ""


def _stays(account: Account, now: datetime) -> list[Stays]:
    reserved = [at for at in account.addresses.values_list("reserved_until", flat=True) if at is not None]
    today = day_of(now)
    found = [Stays("address", timezone.localdate(max(reserved)))] if reserved and max(reserved) > now else []
    kept = policy_for(account.academy).retention
    found.append(Stays("sign_ins", today + timedelta(days=kept.logs_days)))
    found.append(Stays("journal", today + JOURNAL))
    certificate = kind_named("certificate").kept
    found.append(Stays("certificate", today + certificate if certificate else None))
    if Mandate.objects.filter(account=account).exists():
        found.append(Stays("mandates", today + timedelta(days=kept.control_days)))
    found.append(Stays("logs", today + LOGS))
    found.append(Stays("others", None))
    found.append(Stays("backups", None))
    return found


def ask(account: Account, *, by: Actor, reason: str, now: datetime, here: bool = False) -> Erasure:
    """Decide that everything about ACCOUNT's person goes. Raises NotAllowed, CannotErase.

    From here on there is no way back: the worker erases; with HERE the caller does, and the worker only where
    the caller was killed.
    """
    authorise(by, Ability.ERASE_PERSON, account, now)
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=account.pk)
        refused = _refusal(locked, Erasure.objects.filter(account=locked).first())
        if refused:
            raise CannotErase("This person's data can't be erased now.", why=refused)
        erasure = Erasure.objects.create(
            account=locked, by=by.name, reason=reason, asked_at=now, next_try_at=now + AGAIN if here else now
        )
        # The purge is begun: nobody reopens, and the lane of the calendar leaves it to this one.
        leaving = Departure.objects.filter(account=locked, ended_on=None, purging_since=None)
        leaving.update(purge_on=day_of(now), purging_since=now, next_try_at=now + AGAIN)
        record(
            by, "person.erasure_asked", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now,
        )  # fmt: skip
    if not here:
        wake_worker(settings.REDIS_SOCKET)
    return erasure


def erase(erasure: Erasure, now: datetime) -> Certificate | None:
    """Do it. Killed anywhere it goes on; raises what the purge raises, then it is tried again."""
    account = Account.objects.select_related("academy", "store", "person").get(pk=erasure.account_id)
    by = _actor(erasure)
    if account.state == AccountState.CLOSED and open_departure(account) is not None:
        purge(account, by=by, reason=erasure.reason, now=now)
        account.refresh_from_db()
    if account.state != AccountState.PURGED:
        raise CannotErase("The account is in service again.", why="in_service")
    forget_all_of(account, now)
    store_named(account.store.name).restore(account.mailbox_key)
    with transaction.atomic():
        counts = anonymise(account, now)
        Erasure.objects.filter(pk=erasure.pk).update(done_at=now, fault="", erased=counts)
        record(
            by, "person.erased", f"account:{account.public_id}", erasure.reason,
            academy=account.academy.slug, at=now, **counts,
        )  # fmt: skip
    _compact()
    return Certificate.objects.filter(account=account).order_by("-at").first()


def _compact() -> None:
    """Have Redis write its file anew: what was deleted still stands in it until then."""
    try:
        client(settings.REDIS_SOCKET).bgrewriteaof()
    except RedisError as error:
        log.info("the file of Redis is written anew later: %s", error)


def step(now: datetime) -> int:
    """One erasure that is due; how many were tried."""
    rows = Erasure.objects.filter(done_at=None, next_try_at__lte=now)
    erasure = rows.order_by("next_try_at").first()
    # Whoever takes it holds it for a while: two at once would certify twice.
    if erasure is None or not rows.filter(pk=erasure.pk).update(next_try_at=now + AGAIN):
        return 0
    try:
        erase(erasure, now)
    except CasierError as error:
        log.warning("erasure %s: %s (%s)", erasure.id.hex, error, error.reference)
        Erasure.objects.filter(pk=erasure.pk).update(fault=error.code[:100])
    return 1


def _actor(erasure: Erasure) -> Actor:
    """Whoever decided it: the worker is only their hand."""
    return Actor(erasure.by)
