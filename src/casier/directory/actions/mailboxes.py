"""Functional mailboxes and who may open them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.access import default_store
from casier.directory.actions.giving import give
from casier.directory.errors import NotFound, WrongState
from casier.directory.life import ENDED
from casier.directory.models import (
    Academy,
    Account,
    EndedAs,
    FunctionalMailbox,
    MailDomain,
    Membership,
    Role,
    School,
)
from casier.directory.naming import claim_key, in_order, on_all, parse_own
from casier.directory.postings import not_over, today
from casier.kernel.addresses import MailAddress
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """A functional mailbox to make: a school's (`ce.<uai>@`), or a service's with an address of its own."""

    name: str
    school: School | None = None
    address: str = ""


def create_functional_mailbox(
    academy: Academy, new: NewMailbox, *, by: Actor, reason: str, now: datetime
) -> FunctionalMailbox:
    """Make a functional mailbox. Raises AddressTaken."""
    with transaction.atomic():
        Academy.objects.select_for_update().get(pk=academy.pk)
        primary, pairs = _addresses(academy, new)
        mailbox_id = uuid.uuid4()
        school_store = new.school.store if new.school and new.school.store_id else None
        mailbox = FunctionalMailbox.objects.create(
            id=mailbox_id,
            academy=academy,
            school=new.school,
            name=new.name.strip(),
            mailbox_key=claim_key(str(primary), mailbox_id, now),
            store=school_store or default_store(),
            created_at=now,
        )
        give(mailbox, pairs, now, primary=primary)
        record(
            by, "functional.created", f"functional:{mailbox_id.hex}", reason,
            academy=academy.slug, at=now, address=str(primary), name=mailbox.name,
        )  # fmt: skip
        emit("functional.changed", mailbox_id.hex)
    return mailbox


def _addresses(academy: Academy, new: NewMailbox) -> tuple[MailAddress, list[tuple[MailAddress, MailDomain]]]:
    if new.address:
        address, domain = parse_own(academy, new.address)
        return address, [(address, domain)]
    if new.school is None:
        raise NotFound("A functional mailbox needs a school or an address.")
    domains = in_order(academy)
    local = f"ce.{new.school.uai.lower()}"
    return MailAddress(local, domains[0].name), list(on_all(domains, local))


def set_member(
    mailbox: FunctionalMailbox, account: Account, role: Role, *, by: Actor, reason: str, now: datetime
) -> Membership:
    """Let ACCOUNT open the mailbox with ROLE, or change the role it has. Raises WrongState.

    Who works at the mailbox's school when they are named are members for as long as they work there.
    """
    with transaction.atomic():
        locked = (
            FunctionalMailbox.objects.select_for_update(of=("self",))
            .select_related("academy")
            .get(pk=mailbox.pk)
        )
        if account.state in ENDED or account.academy_id != locked.academy_id:
            raise WrongState("Only a live account of the same academy can be a member.", state=account.state)
        if locked.is_closed:
            raise WrongState("The mailbox is closed.")
        membership, _ = Membership.objects.update_or_create(
            mailbox=locked,
            account=account,
            defaults={"role": role},
            create_defaults={"role": role, "since": now, "by_posting": works_there(account, locked, now)},
        )
        _changed(locked, account, f"functional.member_{role.value}", by, reason, now)
    return membership


def remove_member(
    mailbox: FunctionalMailbox, account: Account, *, by: Actor, reason: str, now: datetime
) -> None:
    """Take the mailbox away from ACCOUNT. Raises NotFound when it isn't a member."""
    with transaction.atomic():
        locked = (
            FunctionalMailbox.objects.select_for_update(of=("self",))
            .select_related("academy")
            .get(pk=mailbox.pk)
        )
        deleted, _ = Membership.objects.filter(mailbox=locked, account=account).delete()
        if not deleted:
            raise NotFound("Not a member of this mailbox.", account=account.public_id)
        _changed(locked, account, "functional.member_removed", by, reason, now)


def works_there(account: Account, mailbox: FunctionalMailbox, now: datetime) -> bool:
    """Whether ACCOUNT has a posting at the school of MAILBOX that isn't over."""
    here = not_over(today(now)).filter(person=account.person_id, school=mailbox.school_id)
    return mailbox.school_id is not None and here.exists()


def close_functional_mailbox(mailbox: FunctionalMailbox, *, by: Actor, reason: str, now: datetime) -> None:
    """Shut the mailbox: nobody opens it, its addresses refuse mail and stay reserved. What is in it stays."""
    with transaction.atomic():
        locked = (
            FunctionalMailbox.objects.select_for_update(of=("self",))
            .select_related("academy")
            .get(pk=mailbox.pk)
        )
        if locked.is_closed:
            return
        for row in locked.memberships.select_related("account"):
            emit("account.changed", row.account.public_id)
        locked.memberships.all().delete()
        reserved = now + timedelta(days=policy_for(locked.academy).leaving.address_reserved_days)
        live = locked.addresses.filter(retired_at=None)
        live.filter(is_primary=False).update(ended_as=EndedAs.ALIAS, retired_at=now, reserved_until=reserved)
        live.filter(is_primary=True).update(
            ended_as=EndedAs.PRIMARY, is_primary=False, retired_at=now, reserved_until=reserved
        )
        locked.is_closed = True
        locked.save(update_fields=["is_closed"])
        record(
            by, "functional.closed", f"functional:{locked.pk.hex}", reason,
            academy=locked.academy.slug, at=now, name=locked.name,
        )  # fmt: skip
        emit("functional.changed", locked.pk.hex)


def _changed(
    mailbox: FunctionalMailbox, account: Account, action: str, by: Actor, reason: str, now: datetime
) -> None:
    record(
        by, action, f"functional:{mailbox.pk.hex}", reason,
        academy=mailbox.academy.slug, at=now, account=account.public_id,
    )  # fmt: skip
    emit("functional.changed", mailbox.pk.hex)
    emit("account.changed", account.public_id)
