"""What is due by the calendar: a review begins, people are reminded, it ends. Run each hour."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from casier.directory.errors import AlreadyThere
from casier.directory.models import Academy
from casier.policies.api import policy_for
from casier.policies.policy import Rights
from casier.rights.actions import REVIEWS, close_review, look_again, start_review
from casier.rights.asking import ask
from casier.rights.models import Review

_MONTH = timedelta(days=365.25 / 12)


def look_after_reviews(now: datetime) -> int:
    """Start, remind and close as each academy's policy says; how many things were done."""
    return sum(_look_at(academy, now) for academy in Academy.objects.all())


def _look_at(academy: Academy, now: datetime) -> int:
    policy = policy_for(academy).rights
    last = Review.objects.filter(academy=academy).order_by("-started_at").first()
    if last is not None and last.closed_at is None:
        if now >= last.due_at:
            close_review(last, by=REVIEWS, now=now)
            return 1
        return _remind(last, policy, now)
    since = last.started_at if last else academy.created_at
    if not policy.review_months or now < since + policy.review_months * _MONTH:
        return 0
    try:
        start_review(academy, by=REVIEWS, now=now)
    except AlreadyThere:
        return 0
    return 1


def _remind(review: Review, policy: Rights, now: datetime) -> int:
    """Once for each of the policy's days; the shortest that is due stands for those before it."""
    left = math.ceil((review.due_at - now) / timedelta(days=1))
    due = [days for days in policy.remind_days if left <= days]
    if not due or (review.reminded is not None and review.reminded <= min(due)):
        return 0
    first = Review.objects.filter(pk=review.pk, reminded=review.reminded, closed_at=None)
    if not first.update(reminded=min(due)):
        return 0
    look_again(review, now)
    ask(review, now, left)
    return 1
