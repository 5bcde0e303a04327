"""Addresses that are added, changed or taken back. The mailbox key never moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.actions.giving import give
from casier.directory.errors import NotFound, WrongState
from casier.directory.life import ENDED
from casier.directory.models import Academy, Account, Address
from casier.directory.naming import free_local, in_order, on_all, parse_own
from casier.kernel.addresses import MailAddress, local_part
from casier.policies.api import policy_for


def rename(
    account: Account, given_name: str, family_name: str, *, by: Actor, reason: str, now: datetime
) -> MailAddress:
    """Change a person's name: a new primary address; the old ones keep arriving."""
    with transaction.atomic():
        academy, locked = _lock(account)
        person, domains = locked.person, in_order(academy)
        wanted = local_part(given_name, family_name)
        person.given_name, person.family_name = given_name.strip(), family_name.strip()
        person.save(update_fields=["given_name", "family_name"])
        primary = MailAddress(_own_or_free(locked, domains[0].name, wanted, academy, now), domains[0].name)
        _make_primary(locked, primary)
        record(
            by, "account.renamed", f"account:{locked.public_id}", reason,
            academy=academy.slug, at=now, address=str(primary), name=person.full_name,
        )  # fmt: skip
        emit("account.changed", locked.public_id)
    return primary


def _own_or_free(account: Account, domain: str, wanted: str, academy: Academy, now: datetime) -> str:
    """WANTED when the account has it already (a name taken back); else a free one, given now."""
    if account.addresses.filter(address=f"{wanted}@{domain}", retired_at=None).exists():
        return wanted
    domains = in_order(academy)
    local = free_local(domains, wanted, now, account.mailbox_key)
    give(account, on_all(domains, local), now, primary=None)
    return local


def _make_primary(account: Account, address: MailAddress) -> None:
    account.addresses.filter(is_primary=True).update(is_primary=False)
    account.addresses.filter(address=str(address)).update(is_primary=True)


def add_address(account: Account, text: str, *, by: Actor, reason: str, now: datetime) -> MailAddress:
    """Give an account one more address. Raises AddressTaken, BadAddress, NotOurDomain."""
    with transaction.atomic():
        academy, locked = _lock(account)
        address, domain = parse_own(academy, text)
        give(locked, [(address, domain)], now, primary=None)
        record(
            by, "address.added", f"account:{locked.public_id}", reason,
            academy=academy.slug, at=now, address=str(address),
        )  # fmt: skip
        emit("account.changed", locked.public_id)
    return address


def retire_address(account: Account, text: str, *, by: Actor, reason: str, now: datetime) -> None:
    """Take an alias back: it no longer arrives, and stays reserved for the time that the policy sets."""
    with transaction.atomic():
        academy, locked = _lock(account)
        address = Address.objects.filter(
            account=locked, address=text.strip().lower(), retired_at=None
        ).first()
        if address is None:
            raise NotFound(f"{text!r} is not an address of this account.", address=text)
        if address.is_primary:
            raise WrongState("The primary address can't be taken back; change the name first.")
        address.retired_at = now
        address.reserved_until = now + timedelta(days=policy_for(academy).leaving.address_reserved_days)
        address.save(update_fields=["retired_at", "reserved_until"])
        record(
            by, "address.retired", f"account:{locked.public_id}", reason,
            academy=academy.slug, at=now, address=address.address,
        )  # fmt: skip
        emit("account.changed", locked.public_id)


def _lock(account: Account) -> tuple[Academy, Account]:
    """The academy and the account, locked in this order. Raises WrongState for a closed account."""
    academy = Academy.objects.select_for_update().get(pk=account.academy_id)
    locked = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
    if locked.state in ENDED:
        raise WrongState("The account is closed.", state=locked.state)
    return academy, locked
