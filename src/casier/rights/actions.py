"""A review is started, answered line by line, and closed. Each answer has its author and is journalled."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.directory.errors import AlreadyThere, BadMandate, WrongState
from casier.directory.mandates import Ability, may
from casier.directory.models import Academy, Account, Mandate
from casier.kernel.errors import NotAllowed
from casier.policies.api import policy_for
from casier.rights import asking, things
from casier.rights.models import Answer, Kind, Line, Review

REVIEWS = Actor.system("rights")
_FINAL = frozenset({Answer.WITHDRAWN, Answer.GONE})


def start_review(academy: Academy, *, by: Actor, now: datetime) -> Review:
    """Write down who holds what now, and ask those in charge. Raises AlreadyThere while one is open."""
    due = now + timedelta(days=policy_for(academy).rights.review_days)
    try:
        with transaction.atomic():
            review = Review.objects.create(academy=academy, started_at=now, started_by=by.name, due_at=due)
            lines = things.held_in(academy, now)
            for line in lines:
                line.review = review
            Line.objects.bulk_create(lines)
            record(
                by, "rights.review_started", f"academy:{academy.slug}", "", academy=academy.slug, at=now,
                review=review.pk, lines=len(lines), due_at=due.isoformat(),
            )  # fmt: skip
            asking.ask(review, now)
    except IntegrityError as error:
        raise AlreadyThere("A review is open.", academy=academy.slug) from error
    return review


def may_answer(account: Account, line: Line, now: datetime) -> bool:
    """Whether ACCOUNT may say what becomes of LINE: never of what they hold themselves."""
    if line.holder_id == account.pk:
        return False
    if line.school is not None and may(account, Ability.CONFIRM_RIGHTS, line.school, now):
        return True
    return may(account, Ability.CONFIRM_RIGHTS, line.review.academy, now)


def confirm(line: Line, *, by: Actor, account: Account | None, now: datetime, reason: str = "") -> Line:
    """LINE stays. ACCOUNT: who answers; None for an operator of the server. Raises NotAllowed, WrongState."""
    return _answer(line, Answer.CONFIRMED, by, account, reason, now)


def withdraw(line: Line, *, by: Actor, account: Account | None, now: datetime, reason: str) -> Line:
    """What LINE is about ends now. Raises NotAllowed, WrongState, BadMandate (no reason, the last DSI)."""
    if not reason.strip():
        raise BadMandate("A right is taken back for a reason.", field="reason")
    return _answer(line, Answer.WITHDRAWN, by, account, reason, now)


def look_again(review: Review, now: datetime) -> int:
    """Mark what has ended by itself; how many lines that is."""
    waiting = Line.objects.filter(review=review, answer=Answer.NONE)
    gone = [line.pk for line in waiting if not things.stands(line, now)]
    return Line.objects.filter(pk__in=gone, answer=Answer.NONE).update(answer=Answer.GONE, answered_at=now)


def close_review(review: Review, *, by: Actor, now: datetime) -> Review:
    """End it: what nobody confirmed is told to the DSI, and taken back where the policy says so."""
    with transaction.atomic():
        locked = Review.objects.select_for_update(of=("self",)).select_related("academy").get(pk=review.pk)
        if locked.closed_at is not None:
            return locked
        look_again(locked, now)
        left = list(_complete(Line.objects.filter(review=locked, answer=Answer.NONE)))
        ended = _withdraw_all(left, now) if policy_for(locked.academy).rights.unconfirmed == "withdraw" else 0
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        record(
            by, "rights.review_closed", f"academy:{locked.academy.slug}", "", academy=locked.academy.slug,
            at=now, review=locked.pk, unconfirmed=len(left), withdrawn=ended,
        )  # fmt: skip
        asking.tell_end(locked, len(left), ended, now)
    return locked


def lines_of(review: Review) -> list[Line]:
    """The lines of REVIEW, in the order in which they were written."""
    return list(_complete(Line.objects.filter(review=review).order_by("pk")))


def _complete(rows: QuerySet[Line]) -> QuerySet[Line]:
    return rows.select_related("review__academy", "school", "holder__person", "holder__academy")


def _answer(
    line: Line, answer: Answer, by: Actor, account: Account | None, reason: str, now: datetime
) -> Line:
    with transaction.atomic():
        Review.objects.select_for_update(of=("self",)).get(pk=line.review_id)
        locked = _complete(Line.objects.filter(pk=line.pk)).get()
        _check(locked, by, account, now)
        if not things.stands(locked, now):
            answer = Answer.GONE
        elif answer is Answer.WITHDRAWN:
            _keep_a_dsi(locked, now)
            things.withdraw(locked, by=by, reason=reason, now=now)
        locked.answer, locked.answered_at, locked.answered_by = answer, now, by.name
        locked.reason = reason
        locked.save(update_fields=["answer", "answered_at", "answered_by", "reason"])
        record(
            by, f"rights.{answer.value}", f"account:{locked.holder.public_id}", reason,
            academy=locked.review.academy.slug, at=now, review=locked.review_id, kind=locked.kind,
            right=locked.facts.get("right", ""), where=locked.facts.get("where", ""),
        )  # fmt: skip
    return locked


def _check(line: Line, by: Actor, account: Account | None, now: datetime) -> None:
    at_the_server = by.name.startswith("operator:") and by.origin == "cli"
    if account is None and not at_the_server:
        raise NotAllowed("Only a person in charge answers.", actor=by.name)
    if account is not None and not may_answer(account, line, now):
        raise NotAllowed("No mandate allows this.", ability=Ability.CONFIRM_RIGHTS.value)
    if line.answer in _FINAL:
        raise WrongState("This line is answered.", state=line.answer)
    if Review.objects.filter(academy=line.review.academy, started_at__gt=line.review.started_at).exists():
        raise WrongState("A newer review has begun.", state="closed")


def _keep_a_dsi(line: Line, now: datetime) -> None:
    if line.kind == Kind.MANDATE and _is_last(line, now):
        raise BadMandate("Nobody could give offices any more.", field="office")


def _is_last(line: Line, now: datetime) -> bool:
    row = Mandate.objects.select_related("academy").filter(pk=line.thing).first()
    return row is not None and things.is_last(row, now)


def _withdraw_all(lines: list[Line], now: datetime) -> int:
    """Take back what nobody confirmed, but the last office that gives offices. How many were."""
    count = 0
    for line in lines:
        if line.kind == Kind.MANDATE and _is_last(line, now):
            continue
        reason = "Revue des droits : personne n’a confirmé."
        things.withdraw(line, by=REVIEWS, reason=reason, now=now)
        line.answer, line.answered_at = Answer.WITHDRAWN, now
        line.answered_by, line.reason = REVIEWS.name, reason
        line.save(update_fields=["answer", "answered_at", "answered_by", "reason"])
        count += 1
    return count
