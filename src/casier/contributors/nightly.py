"""What the calendar wants: ways in, notices, ends, who answers for whom. Each hour: once is as good as ten.

One stay's failure leaves the others alone: it is logged, and tried again an hour later.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from casier.audit.api import emit, record
from casier.contributors.access import NIGHT, lock_request, lock_stay
from casier.contributors.asking import settle
from casier.contributors.ending import finish_if_over
from casier.contributors.errors import WrongStep
from casier.contributors.models import Request, State, Stay, Warned
from casier.contributors.rules import warning_due
from casier.contributors.sealing import SEALED, forget
from casier.contributors.sponsors import sponsor_for, surely_in_charge
from casier.contributors.telling import tell_decided, tell_end_soon, tell_inherited
from casier.contributors.ways import give_if_due
from casier.directory.models import Account, AccountState, PostingSource
from casier.directory.publishing import Policies
from casier.life.clocks import day_of
from casier.policies.api import policy_for

log = logging.getLogger(__name__)
# No policy's notice comes earlier than this.
LONGEST_NOTICE = 1100


def run_due(now: datetime) -> int:
    """Do what is due at NOW; how many things were done."""
    today = day_of(now)
    done = _each(_given_back(), _go_on)
    done += _each(_going().filter(posting__ends_on__lt=today), lambda stay: finish_if_over(stay, now))
    done += _each(_to_come_in(today), lambda stay: _let_in(stay, now))
    done += _warn(today, now)
    done += look_after_sponsors(now)
    done += _lapse(today, now) + _forget() + _give_room()
    return done


def _going() -> QuerySet[Stay]:
    rows = Stay.objects.filter(ended_on=None)
    return rows.select_related(
        "account__academy", "account__person", "account__user", "school__academy", "posting",
        "sponsor__academy", "sponsor__person", "sponsor__user",
    )  # fmt: skip


def _given_back() -> QuerySet[Stay]:
    """Stays that were over, and whose posting goes on all the same: a departure was taken back.

    Left alone, they would never end again.
    """
    return Stay.objects.filter(ended_on__isnull=False, posting__ends_on__gt=F("ended_on"))


def _go_on(stay: Stay) -> bool:
    with transaction.atomic():
        locked = lock_stay(stay)
        locked.ended_on, locked.ended_by = None, ""
        locked.save(update_fields=["ended_on", "ended_by"])
    return True


def _to_come_in(today: date) -> QuerySet[Stay]:
    begun = _going().filter(way_in_at=None, posting__starts_on__lte=today)
    sealed = Q(mail_sealed__isnull=False) | Q(telephone_sealed__isnull=False)
    return begun.filter(sealed, account__state=AccountState.INVITED)


def _let_in(stay: Stay, now: datetime) -> bool:
    with transaction.atomic():
        return give_if_due(lock_stay(stay), now)


def _warn(today: date, now: datetime) -> int:
    policies = Policies()
    soon = _going().filter(
        posting__ends_on__gte=today, posting__ends_on__lte=today + timedelta(LONGEST_NOTICE)
    )

    def warn(stay: Stay) -> bool:
        ends_on = stay.posting.ends_on
        days = policies.of(stay.school.academy).contributors.warning_days
        due = warning_due(ends_on, today, days) if ends_on else None
        if due is None or ends_on is None or _told(stay, ends_on, due):
            return False
        with transaction.atomic():
            _row, new = Warned.objects.get_or_create(
                stay=stay, ends_on=ends_on, days=due, defaults={"at": now}
            )
            if new:
                tell_end_soon(stay, due, now)
        return new

    return _each(soon, warn)


def _told(stay: Stay, ends_on: date, due: int) -> bool:
    """Whether this notice, or one nearer to the end, was given; or the end was set after its time."""
    if (ends_on - day_of(stay.agreed_at)).days <= due:
        return True
    return Warned.objects.filter(stay=stay, ends_on=ends_on, days__lte=due).exists()


def look_after_sponsors(now: datetime) -> int:
    """Whoever is in charge of the school now answers for its contributors; nobody, where nobody is."""
    taken: dict[Account, list[Stay]] = defaultdict(list)

    stays = list(_going())
    sure = surely_in_charge({stay.school.academy for stay in stays}, now)

    def look(stay: Stay) -> bool:
        if stay.sponsor_id is not None and (stay.school_id, stay.sponsor_id) in sure:
            return False
        wanted = sponsor_for(stay.school, stay.sponsor, now, stay.account.person_id)
        if wanted == stay.sponsor:
            return False
        with transaction.atomic():
            locked = lock_stay(stay)
            wanted = sponsor_for(locked.school, locked.sponsor, now, locked.account.person_id)
            if wanted == locked.sponsor or locked.ended_on is not None:
                return False
            locked.sponsor = wanted
            locked.save(update_fields=["sponsor"])
            record(
                NIGHT, "contributor.inherited" if wanted else "contributor.unsponsored",
                f"account:{locked.account.public_id}", "who is in charge of the school has changed",
                academy=locked.school.academy.slug, at=now, school=locked.school.uai,
                sponsor=wanted.public_id if wanted else "",
            )  # fmt: skip
        if wanted is not None:
            taken[wanted].append(locked)
        return True

    done = _each(stays, look)
    for sponsor, inherited in taken.items():
        with transaction.atomic():
            tell_inherited(inherited, sponsor, now)
    return done


def _lapse(today: date, now: datetime) -> int:
    """What nobody answered before its time was over."""
    done = 0
    for request in Request.objects.filter(state=State.WAITING, ends_on__lt=today):
        try:
            with transaction.atomic():
                row = lock_request(request)
                settle(row, State.LAPSED, NIGHT, "", now)
                tell_decided(row, None, by_paper=False, now=now)
            done += 1
        except WrongStep:
            continue
    return done


def _forget() -> int:
    """How people are reached, once they are in."""
    sealed = Q(mail_sealed__isnull=False) | Q(telephone_sealed__isnull=False)
    rows = list(Stay.objects.filter(sealed).exclude(account__state=AccountState.INVITED))
    for row in rows:
        forget(row)
        row.save(update_fields=list(SEALED))
    return len(rows)


def _give_room() -> int:
    """Who was a contributor and is posted by the academy now has everyone's room."""
    rows = Account.objects.filter(stays__school__academy=F("academy"), quota_bytes__isnull=False)
    more = rows.filter(person__postings__source__in=[PostingSource.FEED, PostingSource.HAND]).distinct()
    done = 0
    for account in more.select_related("academy"):
        policy = policy_for(account.academy)
        if account.quota_bytes != min(policy.contributors.quota_bytes, policy.mail.quota_bytes):
            continue
        with transaction.atomic():
            Account.objects.filter(pk=account.pk).update(quota_bytes=None)
            emit("account.changed", account.public_id)
        done += 1
    return done


def _each(rows: Iterable[Stay], work: Callable[[Stay], bool]) -> int:
    done = 0
    for stay in list(rows):
        try:
            done += work(stay)
        except WrongStep:
            continue
        except Exception:
            log.exception("stay %s", stay.pk.hex)
    return done
