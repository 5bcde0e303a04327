"""What erases rows by their age: a portion a transaction, so that nobody waits behind a million rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from casier.directory.terms import Days, Term, terms
from casier.policies.api import Policy

PORTION = 1000
# What one run of a nightly erasing does of one kind; the rest is the next hour's.
MOST = 50 * PORTION


def older(label: str, field: str, kept: timedelta, **where: Any) -> Callable[[datetime], int]:
    """An eraser of the rows of LABEL whose FIELD is longer ago than KEPT."""

    def erase(now: datetime) -> int:
        model = apps.get_model(label)
        limit: date = now - kept
        if isinstance(model._meta.get_field(field), models.DateField) and not isinstance(
            model._meta.get_field(field), models.DateTimeField
        ):
            limit = (now - kept).date()
        return in_portions(model._default_manager.filter(**{f"{field}__lt": limit}, **where))

    return erase


def older_by(label: str, field: str, road: str, days: Days, **where: Any) -> Callable[[datetime], int]:
    """The same by what DAYS says of the policy of each row's academy, which stands at the end of ROAD."""

    def erase(now: datetime) -> int:
        rows = apps.get_model(label)._default_manager
        dated = isinstance(rows.model._meta.get_field(field), models.DateTimeField)
        done = 0
        for term in terms(days, now):
            limit: date = term.before if dated else term.before.date()
            done += in_portions(rows.filter(term.at(road), **{f"{field}__lt": limit}, **where))
        return done

    return erase


def in_portions(rows: models.QuerySet[Any]) -> int:
    """Delete ROWS, a portion a transaction; how many, without what hung on them."""
    done = 0
    while done < MOST:
        with transaction.atomic():
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])
            rows.model._default_manager.filter(pk__in=ids).delete()
        done += len(ids)
        if len(ids) < PORTION:
            break
    return done


def emptied(rows: models.QuerySet[Any], **values: Any) -> int:
    """Put VALUES in the place of what ROWS say of people; how many rows."""
    done = 0
    while done < MOST:
        with transaction.atomic():
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])
            rows.model._default_manager.filter(pk__in=ids).update(**values)
        done += len(ids)
        if len(ids) < PORTION:
            break
    return done


# Rows with conditions of their own ----------------------------------------------------------------
LINE_FACTS, FEED_FILES = timedelta(days=365), timedelta(days=7)
# A remembered table of columns names nobody, but whoever made it.
_MAPPINGS = timedelta(days=1095)


def logs(policy: Policy) -> int:
    """Days for which it is kept who came, from where, with what."""
    return policy.retention.logs_days


def control(policy: Policy) -> int:
    """Days for which it is kept who could do what, and who decided."""
    return policy.retention.control_days


def requests(policy: Policy) -> int:
    """Days for which it is kept what was asked and answered."""
    return policy.retention.requests_days


def feed(policy: Policy) -> int:
    """Days for which the lines of imports are kept."""
    return policy.retention.feed_days


def holds(policy: Policy) -> int:
    """Days for which a hold is kept that is over."""
    return policy.retention.holds_days


def counted_holds(policy: Policy) -> int:
    """Days for which those of a hold count after its end: for accounts that nobody uses, too."""
    return max(policy.retention.holds_days, policy.idle_account.deactivate_days)


def erase_review_facts(now: datetime) -> int:
    """What stood in the lines of reviews that closed long ago, and then the reviews."""
    from casier.rights.models import Line, Review

    closed = Line.objects.filter(review__closed_at__lt=now - LINE_FACTS)
    done = emptied(closed.exclude(facts={}, reason=""), facts={}, reason="")
    for term in terms(control, now):
        done += in_portions(Review.objects.filter(term.at("academy"), closed_at__lt=term.before))
    return done


def erase_mandates(now: datetime) -> int:
    """Offices that ended long ago, those that were lent first. That somebody who is still here was relieved
    of what their function brings is kept: they would be charged again.
    """
    from casier.directory.life import ENDED
    from casier.directory.models import Mandate

    lent, done = Exists(Mandate.objects.filter(shared_from=OuterRef("pk"))), 0
    for term in terms(control, now):
        over = Q(ended_at__lt=term.before) | Q(ends_at__lt=term.before)
        ended = Mandate.objects.filter(over, term.at("academy"))
        ended = ended.filter(Q(withdrawn=False) | Q(account__state__in=ENDED))
        done += in_portions(ended.exclude(shared_from=None)) + in_portions(ended.exclude(lent))
    return done


def erase_feed_lines(now: datetime) -> int:
    """Lines of old runs; those of the last one that was applied stay, for it can be undone."""
    from casier.feed.models import Change, ColumnMapping, Run, RunState

    undoable: list[int] = []
    for academy in Run.objects.order_by().values_list("academy", flat=True).distinct():
        last = Run.objects.filter(academy=academy, state=RunState.APPLIED).order_by("-pk").first()
        undoable += [last.pk] if last else []
    at_work = (RunState.APPLYING, RunState.UNDOING, RunState.READING)
    done = in_portions(ColumnMapping.objects.filter(used_at__lt=now - _MAPPINGS))
    runs = Run.objects.exclude(pk__in=undoable).exclude(state__in=at_work)
    for term in terms(feed, now):
        old = runs.filter(term.at("academy"), started_at__lt=term.before)
        done += in_portions(Change.objects.filter(run__in=old.values("pk")))
    for term in terms(control, now):
        done += in_portions(runs.filter(term.at("academy"), started_at__lt=term.before))
    return done


def erase_feed_doubts(now: datetime) -> int:
    """What was said of people in doubts that were settled; the answer stays, for the next run asks again."""
    from casier.feed.models import ReviewItem

    done = 0
    for term in terms(requests, now):
        settled = ReviewItem.objects.filter(term.at("academy"), decided_at__lt=term.before)
        done += emptied(settled.exclude(facts={}, label="", reason=""), facts={}, label="", reason="")
    return done


def erase_feed_files(now: datetime) -> int:
    """Files that came by the browser and that nobody confirmed; folders that no run knows."""
    from casier.feed.models import Run

    limit = now - FEED_FILES
    root = settings.CASIER_INSTANCE.data / "platform" / "feed"
    live = set(Run.objects.filter(started_at__gte=limit).exclude(folder="").values_list("folder", flat=True))
    done = 0
    for folder in sorted(root.glob("*")) if root.is_dir() else ():
        if str(folder) not in live and folder.stat().st_mtime < limit.timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            done += 1
    Run.objects.exclude(folder="").filter(started_at__lt=limit).update(folder="")
    return done


def erase_holds(now: datetime) -> int:
    """Holds that are over: they may say that somebody was ill.

    The days stay as long as somebody is leaving, and as long as they count for an account that nobody uses:
    without them the clock would have gone on all the time, and the purge or the shutting would come sooner.
    """
    from casier.life.models import Departure, Hold

    leaving, done = Exists(Departure.objects.filter(account=OuterRef("account"), ended_on=None)), 0
    for term in terms(counted_holds, now):
        done += in_portions(Hold.objects.filter(_over(term)).exclude(leaving))
    for term in terms(holds, now):
        told = Hold.objects.filter(_over(term)).exclude(reason="", lifted_reason="")
        done += emptied(told, reason="", lifted_reason="")
    return done


def _over(term: Term) -> Q:
    limit = term.before.date()
    ended = Q(lifted_on__lt=limit) | Q(lifted_on=None, until__lt=limit)
    return ended & term.at("account__academy")


def erase_departures(now: datetime) -> int:
    """Departures that ended; one that ended with a purge stays with its certificate."""
    from casier.life.models import Certificate, Departure

    certified, done = Exists(Certificate.objects.filter(departure=OuterRef("pk"))), 0
    for term in terms(control, now):
        ended = Departure.objects.filter(term.at("account__academy"), ended_on__lt=term.before.date())
        done += in_portions(ended.exclude(certified))
    return done


def erase_certificates(now: datetime, kept: timedelta) -> int:
    """Certificates of purge, with the departures that they end."""
    from casier.life.models import Certificate, Departure

    old = Certificate.objects.filter(at__lt=now - kept)
    departures = list(old.values_list("departure", flat=True)[:MOST])
    done = in_portions(old)
    in_portions(Departure.objects.filter(pk__in=departures, certificate=None))
    return done


def erase_dismissals(now: datetime, kept: timedelta) -> int:
    """Who put which announcement aside, once nobody sees it any more."""
    from casier.mailbox.announcements.models import Dismissal

    limit = now - kept
    over = Q(announcement__ends_at__lt=limit) | Q(announcement__withdrawn_at__lt=limit)
    return in_portions(Dismissal.objects.filter(over))


def erase_resets(now: datetime) -> int:
    """Resets by the help desk and letters that are over, and calls by a reference."""
    from casier.identity.recovery.models import DeskRequest, Letter, RecoveryLink, Reset

    done = in_portions(RecoveryLink.objects.filter(expires_at__lt=now - timedelta(days=30)))
    for term in terms(logs, now):
        own, limit = term.at("academy"), term.before
        done += in_portions(Reset.objects.filter(own, ended_at__lt=limit))
        over = Q(ended_at__lt=limit) | Q(used_at__lt=limit) | Q(expires_at__lt=limit)
        done += in_portions(Letter.objects.filter(own, over | Q(printed_at=None, asked_at__lt=limit)))
        done += in_portions(DeskRequest.objects.filter(own, asked_at__lt=limit))
    return done


def erase_redirect_proofs(now: datetime, kept: timedelta) -> int:
    """Addresses for redirection that nobody ever proved."""
    from casier.mailbox.filters.models import RedirectAddress

    return in_portions(RedirectAddress.objects.filter(verified_at=None, asked_at__lt=now - kept))
