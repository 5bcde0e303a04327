"""Who opens a school's mailbox: named and taken away by its head or a manager."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.errors import NotFound, WrongState
from casier.directory.models import Account, FunctionalMailbox, Membership, Role
from casier.directory.postings import held_on, today
from casier.kernel.errors import NotAllowed
from casier.policies.api import policy_for
from casier.schools import telling
from casier.schools.access import by_office, decides_all, names_members, person_behind, reason_in
from casier.schools.answering import withdraw_join
from casier.schools.errors import Changed, Elsewhere


def works_at_its_school(account: Account, mailbox: FunctionalMailbox, now: datetime) -> bool:
    """Whether ACCOUNT works today at the school of MAILBOX."""
    here = held_on(today(now)).filter(person=account.person_id, school=mailbox.school_id)
    return mailbox.school_id is not None and here.exists()


def name_member(
    mailbox: FunctionalMailbox,
    account: Account,
    role: Role,
    *,
    by: Actor,
    reason: str,
    now: datetime,
    was: str | None = None,
) -> Membership:
    """Let ACCOUNT open MAILBOX with ROLE, or change the role. WAS: the role that was shown ("": none).

    Raises NotAllowed, NoReason, Elsewhere (`policy` says whether it may be asked for), WrongState, Changed.
    """
    reason = reason_in(reason)
    with transaction.atomic():
        locked = _lock(mailbox)
        actor = _allowed(locked, by, now)
        held = _held(locked, account)
        _as_shown(held, was)
        if actor is not None:
            _within(actor, locked, account, not held or _more(role, held), now)
        made = actions.set_member(locked, account, role, by=by, reason=reason, now=now)
        withdraw_join(locked, account, by=by, now=now)
        telling.member_changed(locked, account, role, actor)
    return made


def take_away(
    mailbox: FunctionalMailbox,
    account: Account,
    *,
    by: Actor,
    reason: str,
    now: datetime,
    was: str | None = None,
) -> None:
    """Close MAILBOX to ACCOUNT; whoever is a member may leave by themselves. Raises NotAllowed, NotFound."""
    reason = reason_in(reason)
    with transaction.atomic():
        locked = _lock(mailbox)
        actor = person_behind(by)
        if actor is None or actor.pk != account.pk:
            actor = _allowed(locked, by, now)
        _as_shown(_held(locked, account), was)
        actions.remove_member(locked, account, by=by, reason=reason, now=now)
        telling.member_changed(locked, account, None, actor)


def is_last_manager(mailbox: FunctionalMailbox, account: Account) -> bool:
    """Whether nobody among the members could name others without ACCOUNT: told before it is done."""
    managers = list(
        Membership.objects.filter(mailbox=mailbox, role=Role.MANAGE).values_list("account", flat=True)
    )
    return managers == [account.pk]


def _lock(mailbox: FunctionalMailbox) -> FunctionalMailbox:
    rows = FunctionalMailbox.objects.select_for_update(of=("self",)).select_related(
        "academy", "school__academy"
    )
    locked = rows.get(pk=mailbox.pk)
    if locked.is_closed:
        raise WrongState("The mailbox is closed.")
    return locked


def _allowed(mailbox: FunctionalMailbox, by: Actor, now: datetime) -> Account | None:
    actor = person_behind(by)
    if not names_members(actor, mailbox, now):
        raise NotAllowed("Neither an office nor a part in the mailbox allows this.")
    return actor


def _held(mailbox: FunctionalMailbox, account: Account) -> str:
    row = Membership.objects.filter(mailbox=mailbox, account=account).first()
    return row.role if row else ""


def _as_shown(held: str, was: str | None) -> None:
    if was is not None and held != was:
        raise Changed("Somebody has changed it meanwhile.")


def _more(role: Role, held: str) -> bool:
    """Whether ROLE lets somebody do more than HELD does."""
    order = list(Role)
    return order.index(role) > order.index(Role(held))


def _within(actor: Account, mailbox: FunctionalMailbox, account: Account, more: bool, now: datetime) -> None:
    """Nobody opens for themselves what isn't their school's; others as far as the policy lets them in."""
    here = works_at_its_school(account, mailbox, now)
    if account.pk == actor.pk and not here:
        raise NotAllowed("Nobody opens a mailbox for themselves where they don't work.")
    if account.pk == actor.pk and not by_office(actor, mailbox, now):
        raise NotAllowed("Managers don't change their own part but by leaving.")
    if account.academy_id != mailbox.academy_id:
        raise NotFound("Nobody of this academy.")
    # Whoever is a member already was agreed to, for as much as they may.
    if here or not more or decides_all(actor, mailbox.academy, now):
        return
    allowed = policy_for(mailbox.academy).schools.members_elsewhere
    if allowed != "freely":
        raise Elsewhere("They work at another school.", policy=allowed)
