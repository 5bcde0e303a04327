"""What waits for whoever works at the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import ngettext

from casier.console.access import Desk
from casier.console.many.acts import DEEDS, Weight
from casier.console.models import Operation, OperationState
from casier.contributors.api import waiting as contributors_waiting
from casier.directory.mandates import Ability, schools_within
from casier.feed.models import ReviewItem, ReviewState
from casier.identity.activation.api import open_corrections
from casier.identity.activation.models import CorrectionRequest
from casier.identity.history.api import reports
from casier.identity.history.models import Report
from casier.identity.recovery.api import Letter, LetterState, Reset, letters, pending_resets
from casier.rights.api import Answer, Line
from casier.schools.api import waiting_for


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows that wait, each within the perimeter."""

    resets: list[Reset]
    letters: list[Letter]
    reports: list[Report]
    corrections: list[CorrectionRequest]

    @property
    def count(self) -> int:
        return len(self.resets) + len(self.letters) + len(self.reports) + len(self.corrections)


_OPEN = (LetterState.ASKED, LetterState.APPROVED, LetterState.PRINTED)


def waiting(desk: Desk) -> Waiting:
    """What waits in the academy of DESK, as far as its offices reach."""
    academy = desk.account.academy
    decides = desk.may
    resets = [row for row in pending_resets(academy) if decides(Ability.APPROVE_RESET, row.account)]
    open_letters = letters(academy).filter(state__in=_OPEN)
    return Waiting(
        resets=resets,
        letters=[row for row in open_letters if decides(Ability.RESET, row.account)],
        reports=[row for row in reports(academy) if decides(Ability.SEE_HISTORY, row.account)],
        corrections=[row for row in open_corrections(academy) if decides(Ability.RESET, row.account)],
    )


def waiting_counts(desk: Desk) -> dict[str, int]:
    """How much waits in each room of the navigation, as far as DESK's offices reach: a query a kind."""
    academy, has = desk.account.academy, desk.abilities
    counts: Counter[str] = Counter()
    if Ability.APPROVE_RESET in has:
        within = desk.people(Ability.APPROVE_RESET).values("pk")
        counts["requests"] += pending_resets(academy).filter(account__in=within).count()
    if Ability.SEE_HISTORY in has:
        seen = desk.people(Ability.SEE_HISTORY).values("pk")
        counts["requests"] += Report.objects.filter(academy=academy, closed_at=None, account__in=seen).count()
    if Ability.RESET in has:
        mine = desk.people(Ability.RESET).values("pk")
        counts["requests"] += open_corrections(academy).filter(account__in=mine).count()
        lives = Q(expires_at=None) | Q(expires_at__gt=desk.now)
        under_way = Letter.objects.filter(lives, academy=academy, state__in=_OPEN, account__in=mine)
        counts["letters"] = under_way.count()
    if Ability.APPROVE_CONTRIBUTOR in has:
        decided = schools_within(desk.account, Ability.APPROVE_CONTRIBUTOR, desk.now)
        counts["contributors"] = contributors_waiting(decided).count()
    if Ability.MANAGE_SCHOOL_MAILBOXES in has:
        counts["boxes"] = waiting_for(desk.account, desk.now).count()
    if Ability.RUN_FEED in has:
        doubts = ReviewItem.objects.filter(state=ReviewState.OPEN)
        counts["feed"] = doubts.filter(academy__in=desk.academies(Ability.RUN_FEED)).count()
    if found := _agreed_by(desk):
        # Acts on many that wait for a second person: not for whoever launched them.
        waits = Operation.objects.filter(found, state=OperationState.WAITS)
        counts["lists"] = waits.exclude(by=desk.actor.name).count()
    return counts


def elsewhere(desk: Desk) -> list[dict[str, str]]:
    """What waits in the rooms that aren't about single people, with the way there."""
    counts = {**waiting_counts(desk), "reviews": _rights_asked(desk)}
    return [
        {"url": url, "words": words(count) % {"number": count}}
        for room, (url, words) in _ROOMS.items()
        if (count := counts.get(room, 0))
    ]


def _rights_asked(desk: Desk) -> int:
    """How many rights of reviews under way DESK may answer for (`rights.api.may_answer`, as one query)."""
    if Ability.CONFIRM_RIGHTS not in desk.abilities:
        return 0
    schools = schools_within(desk.account, Ability.CONFIRM_RIGHTS, desk.now).values("pk")
    mine = Q(school__in=schools) | Q(review__academy__in=desk.academies(Ability.CONFIRM_RIGHTS))
    open_ = Line.objects.filter(mine, review__closed_at=None, answer=Answer.NONE)
    return open_.exclude(holder=desk.account).count()


_ROOMS: dict[str, tuple[str, Callable[[int], str]]] = {
    "boxes": (
        "/console/boites/",
        lambda count: ngettext(
            "%(number)d demande de boîte d’établissement",
            "%(number)d demandes de boîtes d’établissement",
            count,
        ),
    ),
    "contributors": (
        "/console/intervenants/",
        lambda count: ngettext(
            "%(number)d intervenant à approuver", "%(number)d intervenants à approuver", count
        ),
    ),
    "feed": (
        "/console/imports/doutes/",
        lambda count: ngettext("%(number)d doute de l’annuaire", "%(number)d doutes de l’annuaire", count),
    ),
    "reviews": (
        "/console/revues/",
        lambda count: ngettext("%(number)d droit à confirmer", "%(number)d droits à confirmer", count),
    ),
    "lists": (
        "/console/operations/",
        lambda count: ngettext(
            "%(number)d acte en nombre à approuver", "%(number)d actes en nombre à approuver", count
        ),
    ),
}


def _agreed_by(desk: Desk) -> Q:
    """The acts on many to which DESK may agree; an empty one for none."""
    found = Q()
    for act, deed in DEEDS.items():
        academies = desk.academies(deed.ability) if deed.weight is not Weight.LIGHT else []
        if academies:
            found |= Q(act=act.value, academy__in=academies)
    return found
