"""Accounts that nobody uses: told in time, then shut until somebody comes back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casier.audit.api import Actor
from casier.directory.actions.accounts import suspend
from casier.directory.models import Academy, Account, AccountState
from casier.identity.dispatch.api import language_of
from casier.identity.models import AppPassword
from casier.life.clocks import day_of, spans_of
from casier.life.closing import lock
from casier.life.dates import Span, due, notice_due
from casier.life.models import Idleness
from casier.life.telling import Said, in_words, send
from casier.policies.api import policy_for
from casier.policies.policy import IdleAccount

log = logging.getLogger(__name__)
# As the journal has it: whoever was shut for this may open the account alone, where the policy lets them.
BY = Actor.system("idle")


@dataclass(frozen=True, slots=True)
class Idle:
    """An account that nobody used since a day, and when it is shut; SHUTS_ON None: a hold stands."""

    account: Account
    since: date
    shuts_on: date | None


def look(now: datetime) -> int:
    """Give the notices that are due, shut what is due; of how many accounts."""
    today = day_of(now)
    # Open again since: by the person, or by the help desk. The days count anew.
    back = Idleness.objects.filter(suspended_on__isnull=False).exclude(account__state=AccountState.SUSPENDED)
    back.update(suspended_on=None, resumed_on=today, told=None, told_on=None)
    return sum(_look_at(idle, now) for academy in Academy.objects.all() for idle in idle_in(academy, today))


def idle_in(academy: Academy, today: date, ahead: int = 0) -> list[Idle]:
    """The accounts of ACADEMY that are idle for so long that something is to be done within AHEAD days."""
    policy = policy_for(academy).idle_account
    if not policy.deactivate_days:
        return []
    first = policy.deactivate_days - max(policy.notice_days, default=0) - ahead
    accounts = list(_unused_since(academy, today - timedelta(days=first)))
    held = spans_of([account.pk for account in accounts]) if accounts else {}
    return [_idle(account, policy, held.get(account.pk, []), today) for account in accounts]


def _unused_since(academy: Academy, day: date) -> QuerySet[Account]:
    moment = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    programs = AppPassword.objects.filter(account=OuterRef("pk"), used_at__isnull=False)
    latest = programs.values("account").annotate(last=Max("used_at")).values("last")
    signed_in = Q(user__last_login__lt=moment) | Q(user__last_login=None, created_at__lt=moment)
    return (
        Account.objects.filter(signed_in, academy=academy, state=AccountState.ACTIVE)
        .filter(~Exists(programs.filter(used_at__gte=moment)))
        .exclude(idleness__resumed_on__gt=day)
        .annotate(signed_in=F("user__last_login"), program=Subquery(latest, output_field=DateTimeField()))
        .select_related("academy", "person", "user", "idleness")
        .order_by("pk")
    )


def _idle(account: Account, policy: IdleAccount, held: list[Span], today: date) -> Idle:
    moments = [account.created_at, getattr(account, "signed_in", None), getattr(account, "program", None)]
    since = max(day_of(moment) for moment in moments if moment is not None)
    row: Idleness | None = getattr(account, "idleness", None)
    if row is not None and row.resumed_on is not None:
        since = max(since, row.resumed_on)
    told_on = row.told_on if row is not None and row.since == since else None
    longest = timedelta(days=max(policy.notice_days, default=0))
    # Nobody is shut out without having been told in time, were the policy from yesterday.
    earliest = (told_on or today) + longest
    planned = max(since + timedelta(days=policy.deactivate_days), earliest)
    return Idle(account, since, due(since, planned, held))


def _look_at(idle: Idle, now: datetime) -> int:
    """One account; what goes wrong with it leaves the others alone."""
    try:
        return int(_step(idle, now))
    except Exception:
        log.exception("idle account %s", idle.account.public_id)
        return 0


def _step(idle: Idle, now: datetime) -> bool:
    today, account = day_of(now), idle.account
    if idle.shuts_on is None:
        return False
    policy = policy_for(account.academy).idle_account
    with transaction.atomic():
        locked = lock(account)
        if locked.state != AccountState.ACTIVE:
            return False
        row, _new = Idleness.objects.get_or_create(account=locked, defaults={"since": idle.since})
        if row.since != idle.since:
            row.since, row.told, row.told_on = idle.since, None, None
        if idle.shuts_on <= today:
            row.suspended_on = today
            row.save()
            suspend(locked, by=BY, reason=f"not used since {idle.since.isoformat()}", now=now)
            _tell(locked, None, idle, now)
            return True
        notice = notice_due(idle.shuts_on, today, policy.notice_days)
        if notice is None or (row.told is not None and row.told <= notice):
            return False
        row.told, row.told_on = notice, row.told_on or today
        row.save()
        _tell(locked, idle.shuts_on, idle, now)
    return True


def _tell(account: Account, day: date | None, idle: Idle, now: datetime) -> None:
    """DAY: when it will be shut; None: it is."""
    alone = policy_for(account.academy).idle_account.reopen_by_self_service
    with translation.override(language_of(account)):
        said = _will_be(day, idle.since) if day else _is(idle.since, alone=alone)
    key = f"idle {account.public_id} {idle.since:%Y%m%d} {day or 'shut'}"
    send(account, said, key, now, inside=day is not None)


def _will_be(day: date, since: date) -> Said:
    return Said(
        _("Votre compte va être désactivé"),
        (
            _("Votre compte académique n’a pas servi depuis le %(since)s.") % {"since": in_words(since)},
            _("Sans connexion de votre part, il sera désactivé le %(day)s.") % {"day": in_words(day)},
            _("Pour le garder, il suffit de vous connecter une fois, comme d’habitude."),
        ),
    )


def _is(since: date, *, alone: bool) -> Said:
    way = (
        _("Pour le rouvrir : sur la page de connexion, choisissez « Je n’arrive pas à entrer ».")
        if alone
        else _("Pour le rouvrir, appelez l’assistance de l’académie.")
    )
    return Said(
        _("Votre compte est désactivé"),
        (
            _("Votre compte académique n’a pas servi depuis le %(since)s ; il est désactivé.")
            % {"since": in_words(since)},
            _("Votre courrier continue d’arriver, et rien n’est effacé."),
            way,
        ),
    )
