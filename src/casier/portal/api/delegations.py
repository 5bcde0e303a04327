"""One's mailbox opened to colleagues, and theirs to oneself: `/api/delegations`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.audit.api import Actor
from casier.directory.access import account_with, primary_address
from casier.directory.actions import Opening, delegate_mailbox, delegation_with, end_delegation
from casier.directory.delegating import right_under
from casier.directory.errors import BadDelegation, NotFound
from casier.directory.models import Account, DelegateRight, Delegation
from casier.identity.models import User
from casier.mailbox.delegations.using import note_use
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

router = Router()
_RIGHTS = [right.value for right in DelegateRight]


class DelegationShape(Shape):
    id: str
    name: str
    address: str
    right: str
    folders: list[str]
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    last_used_at: datetime | None


class Delegations(Shape):
    rights: list[str]  # what the academy lets one give; none: nothing
    longest_days: int
    given: list[DelegationShape]
    held: list[DelegationShape]


class OpeningWanted(Shape):
    to: str = Field(min_length=3, max_length=254)
    right: Literal["read", "organise", "behalf", "as"]
    folders: list[str] = Field(default=[], max_length=100)
    starts_at: datetime
    ends_at: datetime
    reason: str = Field(default="", max_length=300)


def _account(request: HttpRequest) -> Account:
    return cast("User", request.user).account


def _by(request: HttpRequest) -> Actor:
    return Actor.account(_account(request).public_id, source_of(request))


@router.get("", response=Delegations, by_alias=True, auth=signed_in)
def get_delegations(request: HttpRequest) -> Delegations:
    """To whom one's mailbox is open, whose are open to oneself, and what the academy allows."""
    return _told(_account(request))


@router.post("", response=Delegations, by_alias=True, auth=signed_in)
def post_delegation(request: HttpRequest, wanted: OpeningWanted) -> Delegations:
    """Open one's mailbox to a colleague, or change what was open to them."""
    account, now = _account(request), timezone.now()
    if None in (wanted.starts_at.tzinfo, wanted.ends_at.tzinfo):
        raise BadDelegation("A moment needs its zone.", field="starts_at")
    opening = Opening(DelegateRight(wanted.right), wanted.starts_at, wanted.ends_at, tuple(wanted.folders))
    delegate_mailbox(account, _colleague(wanted.to), opening, by=_by(request), reason=wanted.reason, now=now)
    return _told(account)


def _colleague(address: str) -> Account:
    """Who has ADDRESS. Whether anybody of another academy has it isn't told: both are the same refusal."""
    try:
        return account_with(address)
    except NotFound as error:
        raise BadDelegation("Only to another person of the same academy.", field="to") from error


@router.delete("/{delegation_id}", response=Delegations, by_alias=True, auth=signed_in)
def delete_delegation(request: HttpRequest, delegation_id: str) -> Delegations:
    """End it now: whoever gave it may, and whoever holds it."""
    account = _account(request)
    row = _own(account, delegation_id)
    end_delegation(row, by=_by(request), reason="", now=timezone.now())
    return _told(account)


@router.post("/{delegation_id}/used", response={204: None}, auth=signed_in)
def post_used(request: HttpRequest, delegation_id: str) -> Status[None]:
    """The page of whoever holds it has opened the mailbox."""
    note_use(_account(request), delegation_id, timezone.now())
    return Status(204, None)


def _own(account: Account, delegation_id: str) -> Delegation:
    row = delegation_with(delegation_id)
    if account.pk not in (row.owner_id, row.delegate_id):
        raise NotFound("Not theirs.", delegation=delegation_id)
    return row


def _told(account: Account) -> Delegations:
    policy = policy_for(account.academy)
    rows = Delegation.objects.filter(ended_at=None, ends_at__gt=timezone.now())
    rows = rows.select_related("owner__person", "delegate__person").order_by("starts_at", "created_at")
    return Delegations(
        rights=[right for right in _RIGHTS if right_under(policy, right) == right],
        longest_days=policy.delegation.longest_days,
        given=[_shape(row, row.delegate) for row in rows.filter(owner=account)],
        held=[_shape(row, row.owner) for row in rows.filter(delegate=account)],
    )


def _shape(row: Delegation, other: Account) -> DelegationShape:
    return DelegationShape(
        id=row.id.hex,
        name=other.person.full_name,
        address=primary_address(other),
        right=row.right,
        folders=row.folders,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        last_used_at=row.last_used_at,
    )


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "delegation_forbidden": Words(
            403,
            _("Délégation refusée"),
            _("Votre académie ne permet pas d’ouvrir sa boîte à quelqu’un, ou pas avec ce droit."),
        ),
        "bad_delegation": Words(
            422,
            _("Délégation impossible"),
            _("Choisissez une autre personne de l’académie, et une fin postérieure au début."),
        ),
    }
