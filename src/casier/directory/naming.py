"""Which addresses and mailbox keys are free. Call with the academy's row locked: what is free stays free."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from casier.directory.errors import AddressTaken, NotOurDomain
from casier.directory.models import Academy, Address, MailDomain, UsedMailboxKey
from casier.kernel.addresses import BadAddress, MailAddress, homonyms

# What may stand before the @ of an address of ours: also a folder name in the store, a map key, a file name.
_OURS = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_TRIES_AT_ONCE = 10


def free_local(domains: list[MailDomain], wanted: str, now: datetime) -> str:
    """WANTED, or with the first digit (`jean.martin1`) that is free on every one of DOMAINS."""
    names = [domain.name for domain in domains]
    tries = homonyms(wanted)
    while batch := list(islice(tries, _TRIES_AT_ONCE)):
        candidates = [f"{local}@{name}" for local in batch for name in names]
        taken = set(_held(now).filter(address__in=candidates).values_list("address", flat=True))
        for local in batch:
            if not any(f"{local}@{name}" in taken for name in names):
                return local
    raise AddressTaken(f"No address is free for {wanted}.", local=wanted)


def parse_own(academy: Academy, text: str) -> tuple[MailAddress, MailDomain]:
    """An address given by hand, and its domain. Raises BadAddress, or NotOurDomain when it is another's."""
    address = MailAddress.parse(text)
    if not _OURS.fullmatch(address.local):
        raise BadAddress(
            f"{address}: letters, digits, and single . _ - between them only.", address=str(address)
        )
    domain = MailDomain.objects.filter(academy=academy, name=address.domain).first()
    if domain is None:
        raise NotOurDomain(f"{academy.slug} has no mail domain {address.domain}.", domain=address.domain)
    return address, domain


def claim(addresses: Iterable[MailAddress], now: datetime) -> None:
    """Make sure that these can be given: free, or their time is over (then the old row goes).

    Raises AddressTaken.
    """
    names = [str(address) for address in addresses]
    held = _held(now).filter(address__in=names).values_list("address", flat=True).first()
    if held:
        raise AddressTaken(f"{held} is taken.", address=held)
    Address.objects.filter(address__in=names).delete()


def claim_key(wanted: str, account: UUID, now: datetime) -> str:
    """A mailbox key that was never given: WANTED, or with a piece of the account's id. Used from now on."""
    key = wanted
    if UsedMailboxKey.objects.filter(key=wanted).exists():
        local, _, domain = wanted.partition("@")
        key = f"{local}-{account.hex[:8]}@{domain}"
    UsedMailboxKey.objects.create(key=key, at=now)
    return key


def in_order(academy: Academy) -> list[MailDomain]:
    """The academy's mail domains, the primary one first. Raises NotOurDomain when it has none."""
    domains = list(academy.domains.order_by("-is_primary", "name"))
    if not domains or not domains[0].is_primary:
        raise NotOurDomain(f"{academy.slug} has no primary mail domain.")
    return domains


def on_all(domains: list[MailDomain], local: str) -> Iterator[tuple[MailAddress, MailDomain]]:
    """The same local part on each domain."""
    return ((MailAddress(local, domain.name), domain) for domain in domains)


def _held(now: datetime) -> QuerySet[Address]:
    """Addresses that can't be given: in use, or retired with their time not over."""
    return Address.objects.filter(Q(retired_at=None) | Q(reserved_until=None) | Q(reserved_until__gt=now))
