"""Functional mailboxes and who may open them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.access import default_store
from casier.directory.actions.giving import give
from casier.directory.errors import NotFound, WrongState
from casier.directory.life import ENDED
from casier.directory.models import (
    Academy,
    Account,
    FunctionalMailbox,
    MailDomain,
    Membership,
    Role,
    School,
)
from casier.directory.naming import claim_key, in_order, on_all, parse_own
from casier.kernel.addresses import MailAddress


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
    """Let ACCOUNT open the mailbox with ROLE, or change the role it has."""
    with transaction.atomic():
        locked = (
            FunctionalMailbox.objects.select_for_update(of=("self",))
            .select_related("academy")
            .get(pk=mailbox.pk)
        )
        if account.state in ENDED or account.academy_id != locked.academy_id:
            raise WrongState("Only a live account of the same academy can be a member.", state=account.state)
        membership, _ = Membership.objects.update_or_create(
            mailbox=locked,
            account=account,
            defaults={"role": role},
            create_defaults={"role": role, "since": now},
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


def _changed(
    mailbox: FunctionalMailbox, account: Account, action: str, by: Actor, reason: str, now: datetime
) -> None:
    record(
        by, action, f"functional:{mailbox.pk.hex}", reason,
        academy=mailbox.academy.slug, at=now, account=account.public_id,
    )  # fmt: skip
    emit("functional.changed", mailbox.pk.hex)
    emit("account.changed", account.public_id)
