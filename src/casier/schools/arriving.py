"""A newcomer's arrival sheet, made anew by who answers for their school, where the policy lets them.

Whoever holds the sheet of an account that nobody has opened can open it, and read what has arrived there. So
a head gets one for people who work at their school today alone, never for who holds an office, and a number a
day; the journal has it, and the person a letter. The help desk, which resets passwords anyway, isn't counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.audit.models import JournalEntry
from casier.directory.errors import WrongState
from casier.directory.mandates import Ability, mandates_of, may, require, schools_within
from casier.directory.models import Account, AccountState, PostingSource, School
from casier.directory.postings import held_on, today
from casier.identity.activation.api import invite
from casier.identity.activation.sheets import print_sheets, sheet_of
from casier.kernel.errors import CasierError
from casier.policies.api import policy_for
from casier.schools import telling
from casier.schools.access import person_behind, reason_in
from casier.schools.errors import NotAsked

RENEWED = "account.sheet_renewed"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives the sheet: for which SCHOOL, and how many more today (None: nobody counts)."""

    school: School | None
    left: int | None

    def require_some(self, account: Account) -> None:
        """Raises NotAsked once the day has had as many as it may."""
        if self.left == 0:
            raise NotAsked("As many as a day has.", field="sheets_a_day", most=_most(account))


def renew_sheet(account: Account, *, by: Actor, reason: str, now: datetime) -> bytes:
    """A new sheet for ACCOUNT as PDF; what was given before opens nothing any more.

    Raises NotAllowed, NoReason, WrongState (the account is open, or out), NotAsked.
    """
    why = reason_in(reason)
    with transaction.atomic():
        actor = person_behind(by)
        if actor is not None:
            # One at a time: what is counted of theirs stays so.
            Account.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        giver = giver_of(account, actor, now)
        giver.require_some(account)
        invited = invite(account, by=by, reason=why, now=now)
        uai = giver.school.uai if giver.school else ""
        record(
            by, RENEWED, f"account:{account.public_id}", why, academy=account.academy.slug, at=now, school=uai
        )
        telling.sheet_renewed(account, actor, giver.school)
        return print_sheets(account.academy, [sheet_of(invited, giver.school)])


def renewable(account: Account, by: Account, now: datetime) -> bool:
    """Whether BY is offered it, how many a day has aside."""
    try:
        giver_of(account, by, now)
    except CasierError:
        return False
    return True


def giver_of(account: Account, actor: Account | None, now: datetime) -> Giver:
    """As whom ACTOR (None: the server's operator) gives ACCOUNT its sheet.

    Raises NotAllowed, WrongState, NotAsked.
    """
    if actor is not None:
        require(actor, Ability.RENEW_SHEET, account, now)
    if account.state != AccountState.INVITED:
        raise WrongState("Only who hasn't opened their account yet needs a sheet.", state=account.state)
    if actor is None or may(actor, Ability.RESET, account, now):
        return Giver(None, None)
    return _as_head(account, actor, now)


def _as_head(account: Account, head: Account, now: datetime) -> Giver:
    most = _most(account)
    if not most:
        raise NotAsked("The policy leaves it to the help desk.", field="sheets")
    if mandates_of(account, now).exists():
        raise NotAsked("Who holds an office gets theirs from the help desk.", field="sheet_of_office")
    school = _employer(account, head, now)
    if school is None:
        # A head who asks for a colleague as a contributor must not get the way into their account by it.
        raise NotAsked("They contribute here, and no more.", field="sheet_of_contributor")
    return Giver(school, max(0, most - _given(head, now)))


def _employer(account: Account, head: Account, now: datetime) -> School | None:
    """Of the schools where ACCOUNT is posted today, one of HEAD's: the sheet tells of no other."""
    posted = held_on(today(now)).filter(person=account.person_id).exclude(source=PostingSource.SPONSOR)
    mine = schools_within(head, Ability.RENEW_SHEET, now)
    return mine.filter(pk__in=posted.values("school")).order_by("name", "uai").first()


def _most(account: Account) -> int:
    return policy_for(account.academy).schools.sheets_a_day


def _given(actor: Account, now: datetime) -> int:
    """How many ACTOR gave within a day, as the journal says, where nobody takes a line out."""
    mine = JournalEntry.objects.filter(actor=f"account:{actor.public_id}", action=RENEWED)
    return mine.filter(at__gt=now - _DAY).count()
