"""A browser that wants to be told, or no longer; what it is yet to be told."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from redis import RedisError

from casier.audit.api import Actor, record
from casier.audit.wake import client, wake_worker
from casier.directory.models import Account
from casier.identity.redis_link import answering
from casier.kernel.arrived import CHANNEL_ARRIVED, WANTED
from casier.kernel.published import PREFIX
from casier.mailbox.delegations.access import opened_to
from casier.mailbox.push.errors import BadSubscription, NoDevice, NotYourDevice, PushOff, TooManyChanges
from casier.mailbox.push.keys import Keys, Subscription
from casier.mailbox.push.messages import well_formed
from casier.mailbox.push.models import Audience, Device, Followed
from casier.mailbox.push.reach import PushReach, reach_of
from casier.policies.api import policy_for

# More browsers than these nobody has; the one that was unused for longest makes room.
MOST_DEVICES = 10
# A device that nobody has come back with is no longer told.
KEPT = timedelta(days=60)
CHANGES_AN_HOUR = 60
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a browser wants to be told, and when not: hours of its own clock."""

    audience: str = Audience.ALL
    quiet_from: str = ""
    quiet_until: str = ""
    zone: str = "Europe/Paris"
    # Those of others (their keys) whose new mail is told too.
    mailboxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks: the session that is open in it, and what it is called."""

    session: str
    name: str
    language: str


@cache
def _reach() -> Callable[[], PushReach]:
    return reach_of(settings.CASIER_INSTANCE)


def reach_here() -> PushReach:
    """Which push services this instance talks to now."""
    return _reach()()


def why_off(account: Account, reach: PushReach) -> str:
    """Why nothing can be told: "policy", "nowhere"; empty where it can."""
    if policy_for(account.academy).notifications.push == "off":
        return "policy"
    return "nowhere" if reach.nowhere else ""


def register(
    account: Account, browser: Browser, given: Subscription, wishes: Wishes, *, by: Actor, now: datetime
) -> Device:
    """Tell this browser from now on, or as it wishes now. Raises what `errors.py` names."""
    reach, keys = reach_here(), Keys.of(settings.CASIER_INSTANCE)
    if why := why_off(account, reach):
        raise PushOff(why=why)
    reach.checked(given.endpoint)
    if not well_formed(given):
        raise BadSubscription(why="keys")
    if wishes.zone not in available_timezones():
        raise BadSubscription(why="zone")
    _count_change(account)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        _make_way(account, browser, given)
        row = _row(account, given) or Device(account=account, created_at=now)
        row.session, row.name, row.language = browser.session, browser.name, browser.language
        row.sealed = keys.seal(given)
        row.endpoint_digest, row.keys_digest = digest(given.endpoint), digest(given.p256dh, given.auth)
        row.audience, row.zone = wishes.audience, wishes.zone
        row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
        used(row, now)
        if row._state.adding:
            _note(by, "push.device_added", account, row)
        row.save()
        followed = _follow(row, wishes.mailboxes, now)
        transaction.on_commit(lambda: _want(account.mailbox_key, *followed), robust=True)
    return row


def renew(account: Account, session: str, before: str, given: Subscription, *, by: Actor) -> None:
    """This browser has a new subscription in place of that at BEFORE (empty: it doesn't say).

    It is the same device: its wishes and what it is yet to be told stay. Raises what `register` does,
    and NoDevice.
    """
    reach, keys = reach_here(), Keys.of(settings.CASIER_INSTANCE)
    if why := why_off(account, reach):
        raise PushOff(why=why)
    reach.checked(given.endpoint)
    if not well_formed(given):
        raise BadSubscription(why="keys")
    _count_change(account)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        row = _before(account, session, before)
        if row is None:
            raise NoDevice(session=session[:8])
        others = Device.objects.filter(endpoint_digest=digest(given.endpoint)).exclude(pk=row.pk)
        for other in others:
            _check_same_browser(other, given)
            other.delete()
        row.sealed = keys.seal(given)
        row.endpoint_digest, row.keys_digest = digest(given.endpoint), digest(given.p256dh, given.auth)
        row.tries, row.fault = 0, ""
        row.save()
        _note(by, "push.device_renewed", account, row)


def devices_of(account: Account) -> QuerySet[Device]:
    """The browsers of ACCOUNT that are told, the last used first."""
    return Device.objects.filter(account=account).order_by("-used_at", "-created_at")


def forget_here(account: Account, session: str, *, by: Actor) -> None:
    """This browser isn't told any more; nothing happens where it wasn't."""
    _forget(account, Device.objects.filter(account=account, session=session), by)


def forget_device(account: Account, device_id: uuid.UUID, *, by: Actor) -> None:
    """One of one's own isn't told any more. Raises NoDevice."""
    if not _forget(account, Device.objects.filter(account=account, pk=device_id), by):
        raise NoDevice(device=device_id.hex)


def forget_ended(*, account_id: str, only: str = "", but: str = "", **_: Any) -> None:
    """Somebody has ended sessions: what was told there isn't any more."""
    rows = Device.objects.filter(account_id=uuid.UUID(account_id))
    (rows.filter(session=only) if only else rows.exclude(session=but)).delete()


def try_out(account: Account, session: str, now: datetime) -> None:
    """Push something to this browser now. Raises NoDevice, TooManyChanges."""
    _count_change(account)
    rows = Device.objects.filter(account=account, session=session)
    if not rows.update(trial=True, due_at=now, tries=0):
        raise NoDevice(session=session[:8])
    wake_worker(settings.REDIS_SOCKET, CHANNEL_ARRIVED)


def used(row: Device, now: datetime) -> None:
    """Its owner is here: what came until now needn't be told."""
    row.used_at, row.told, row.waiting = now, 0, 0
    Followed.objects.filter(device_id=row.pk).update(told=0, waiting=0)
    row.due_at = row.due_at if row.trial else None


def is_quiet(row: Device, now: datetime) -> bool:
    """Whether its owner wants quiet at this time of their day; hours may go over midnight."""
    first, last = row.quiet_from, row.quiet_until
    if not first or not last or first == last:
        return False
    clock = now.astimezone(ZoneInfo(row.zone)).strftime("%H:%M")
    return first <= clock < last if first < last else clock >= first or clock < last


def forget_unused(now: datetime) -> int:
    """Delete those that nobody has come back with."""
    return Device.objects.filter(used_at__lt=now - KEPT).delete()[0]


def digest(*parts: str) -> str:
    """By which something secret is found again."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _forget(account: Account, rows: QuerySet[Device], by: Actor) -> bool:
    with transaction.atomic():
        row = rows.select_for_update().first()
        if row is None:
            return False
        _note(by, "push.device_removed", account, row)
        row.delete()
    return True


def _note(by: Actor, action: str, account: Account, row: Device) -> None:
    target = f"account:{account.public_id}"
    record(by, action, target, "", academy=account.academy.slug, device=row.id.hex, name=row.name)


def _row(account: Account, given: Subscription) -> Device | None:
    """The row of this very browser, whichever session it was last used in."""
    return Device.objects.filter(account=account, endpoint_digest=digest(given.endpoint)).first()


def _make_way(account: Account, browser: Browser, given: Subscription) -> None:
    """Take away what this browser was before, here or for whoever used it before. Raises NotYourDevice."""
    same = Device.objects.filter(endpoint_digest=digest(given.endpoint))
    other = same.exclude(account=account).first()
    if other is not None:
        _check_same_browser(other, given)
        other.delete()
    mine = Device.objects.filter(account=account).exclude(endpoint_digest=digest(given.endpoint))
    mine.filter(session=browser.session).delete()
    stale = devices_of(account).exclude(endpoint_digest=digest(given.endpoint))[MOST_DEVICES - 1 :]
    Device.objects.filter(pk__in=[row.pk for row in stale]).delete()


def _check_same_browser(row: Device, given: Subscription) -> None:
    """Only the browser itself knows its keys: who comes with others has found out an address."""
    if row.keys_digest != digest(given.p256dh, given.auth):
        raise NotYourDevice(device=row.id.hex)


def _before(account: Account, session: str, before: str) -> Device | None:
    """The device of ACCOUNT that was reached at BEFORE, else that of the session."""
    rows = Device.objects.filter(account=account)
    old = rows.filter(endpoint_digest=digest(before)).first() if before else None
    return old or rows.filter(session=session).first()


def _follow(row: Device, wanted: Iterable[str], now: datetime) -> list[str]:
    """Have ROW told of the mailboxes WANTED, as far as they are open to its owner; which those are."""
    mine = {one.mailbox_key for one in opened_to(row.account, now)}
    followed = sorted(mine.intersection(wanted))
    Followed.objects.filter(device=row).exclude(mailbox_key__in=followed).delete()
    for key in followed:
        Followed.objects.get_or_create(device=row, mailbox_key=key)
    return followed


def _count_change(account: Account) -> None:
    with answering() as redis:
        key = f"{PREFIX}push:changes:{account.public_id}"
        count = int(str(redis.incr(key)))
        if count == 1:
            redis.expire(key, _HOUR)
        if count > CHANGES_AN_HOUR:
            raise TooManyChanges(retry_after=max(1, int(str(redis.ttl(key)))))


def _want(*mailbox_keys: str) -> None:
    try:
        client(settings.REDIS_SOCKET).sadd(WANTED, *mailbox_keys)
    except RedisError:
        # The worker writes all of them anew where Redis has lost any.
        return


def all_wanted() -> Iterator[str]:
    """The keys of all mailboxes whose new mail some device is to be told of."""
    owners = Account.objects.filter(push_devices__isnull=False).distinct()
    yield from owners.values_list("mailbox_key", flat=True)
    yield from Followed.objects.order_by().values_list("mailbox_key", flat=True).distinct()
