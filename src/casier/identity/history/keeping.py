"""Writing the history: every attempt on a known account, every refusal, within bounds that no attack fills.

An attempt on a name that nobody has costs the same write as one on a name that somebody has, so that the time
an answer takes tells nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from casier.directory.models import Academy, Account
from casier.directory.terms import Term, terms
from casier.identity.history.models import Disavowal, NoticeSent, Refusal, Report, SignIn, UnknownTries
from casier.identity.history.places import neighbourhood, place_of
from casier.identity.history.results import SignInResult
from casier.kernel.errors import new_reference

# Failures of one account get as many rows of their own in a day; what comes beyond shares one.
MOST_ROWS_A_DAY = 30
# Refusals get references of their own as long as no more come from one place, about one account, in an hour.
MOST_REFERENCES_AN_HOUR = 20
KEEP_UNKNOWN = timedelta(days=92)
# No account has it: what is asked about it finds nothing.
NOBODY = uuid.UUID(int=0)
_LONGEST_FACT = 200


def note_sign_in(
    account: Account | None,
    result: SignInResult,
    *,
    academy: Academy | None,
    source: str,
    device: str = "",
    proofs: tuple[str, ...] = (),
    reference: str = "",
) -> None:
    """Keep an attempt to come in: what the person sees in their history, the help desk by its reference."""
    now = timezone.now()
    # The same questions for a name that nobody has: what they cost is part of the answer's time.
    place = place_of(source, account.academy if account else academy)
    rows_today = SignIn.objects.filter(
        account=account.pk if account else NOBODY, last_at__gt=now - timedelta(days=1)
    )
    opened = result is SignInResult.OPENED
    many = not opened and rows_today.exclude(bucket="").count() >= MOST_ROWS_A_DAY
    with transaction.atomic(savepoint=False):
        if account is None:
            _count_unknown(academy, source, now)
            return
        row = SignIn(
            account=account,
            result=result,
            at=now,
            last_at=now,
            source=source[:45],
            own_network=place.own_network,
            country=place.country,
            city=place.city[:80],
            device=device[:80],
            proofs=[str(proof) for proof in proofs],
            reference=reference,
        )
        if opened:
            row.save(force_insert=True)
        else:
            _add_failure(row, neighbourhood(source), now, many)


def _add_failure(row: SignIn, place: str, now: datetime, many: bool) -> None:
    """One row for each place, result and hour; beyond the day's number, one for all others."""
    row.bucket = f"{row.result} {place} {now:%Y-%m-%dT%H}"
    if _added(row, now):
        return
    if many:
        row.bucket, row.source, row.device = f"others {now:%Y-%m-%d}", "", ""
        row.own_network, row.country, row.city = False, "", ""
        if _added(row, now):
            return
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _added(row, now)  # two at once: the other one was quicker


def _added(row: SignIn, now: datetime) -> bool:
    """Whether there is a row for this bucket, to which the attempt was added."""
    alike = SignIn.objects.filter(account=row.account, bucket=row.bucket)
    changes = {"reference": row.reference} if row.reference else {}
    return bool(alike.update(count=F("count") + 1, last_at=now, **changes))


def _count_unknown(academy: Academy | None, source: str, now: datetime) -> None:
    place = {
        "academy": academy.slug if academy else "",
        "source": neighbourhood(source),
        "hour": now.replace(minute=0, second=0, microsecond=0),
    }
    if UnknownTries.objects.filter(**place).update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            UnknownTries.objects.create(**place)
    except IntegrityError:
        UnknownTries.objects.filter(**place).update(count=F("count") + 1)


def refuse(
    why: str, *, account: Account | None, academy: Academy | None, source: str, facts: Mapping[str, str]
) -> str:
    """Keep a refusal with its facts under a reference, which the page shows; a flood of them shares one."""
    now = timezone.now()
    place = neighbourhood(source)
    with transaction.atomic():
        alike = Refusal.objects.filter(place=place, account=account, at__gt=now - timedelta(hours=1))
        if alike.count() >= MOST_REFERENCES_AN_HOUR:
            last = alike.filter(why=why).order_by("-at").first()
            if last is not None:
                Refusal.objects.filter(pk=last.pk).update(count=F("count") + 1, last_at=now)
                return last.reference
        row = Refusal.objects.create(
            reference=new_reference(),
            at=now,
            last_at=now,
            why=why[:40],
            account=account,
            academy=academy or (account.academy if account else None),
            source=source[:45],
            place=place,
            facts={str(name): str(value)[:_LONGEST_FACT] for name, value in facts.items()},
        )
    return row.reference


def forget_old_history(now: datetime) -> int:
    """Erase what the academies' policies, within the law, keep no longer; how many rows."""
    done = sum(_forget_logs(term) for term in terms(lambda policy: policy.retention.logs_days, now))
    old = (
        Disavowal.objects.filter(expires_at__lt=now - timedelta(days=30)),
        UnknownTries.objects.filter(hour__lt=now - KEEP_UNKNOWN),
    )
    return done + sum(rows.delete()[0] for rows in old)


def _forget_logs(term: Term) -> int:
    # A report that is still open is being worked on.
    old = (
        SignIn.objects.filter(term.at("account__academy"), last_at__lt=term.before),
        Refusal.objects.filter(term.at("academy"), last_at__lt=term.before),
        NoticeSent.objects.filter(term.at("account__academy"), at__lt=term.before),
        Report.objects.filter(term.at("academy"), closed_at__lt=term.before),
    )
    return sum(rows.delete()[0] for rows in old)
