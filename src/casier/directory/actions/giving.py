"""Giving addresses: rows for one owner, on every domain of the academy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from casier.audit.api import emit
from casier.directory.models import Academy, Account, Address, FunctionalMailbox, MailDomain
from casier.directory.naming import claim
from casier.kernel.addresses import MailAddress


def give(
    owner: Account | FunctionalMailbox,
    addresses: Iterable[tuple[MailAddress, MailDomain]],
    now: datetime,
    *,
    primary: MailAddress | None,
) -> None:
    """Give OWNER these addresses, PRIMARY among them. Raises AddressTaken."""
    pairs = list(addresses)
    claim((address for address, _ in pairs), owner.mailbox_key, now)
    Address.objects.bulk_create(
        Address(
            address=str(address),
            domain=domain,
            account=owner if isinstance(owner, Account) else None,
            mailbox=owner if isinstance(owner, FunctionalMailbox) else None,
            is_primary=address == primary,
            created_at=now,
        )
        for address, domain in pairs
    )


def give_on_domain(academy: Academy, domain: MailDomain, now: datetime) -> int:
    """Give everyone's primary local part on a domain that is new; the number given."""
    live = Address.objects.filter(domain__academy=academy, is_primary=True).select_related(
        "account", "mailbox"
    )
    given = 0
    for address in live.iterator(chunk_size=500):
        owner = address.account or address.mailbox
        if owner is not None:
            give(
                owner,
                [(MailAddress(address.address.partition("@")[0], domain.name), domain)],
                now,
                primary=None,
            )
            topic = "account.changed" if address.account_id else "functional.changed"
            emit(topic, owner.pk.hex)
            given += 1
    return given
