"""Which addresses and mailbox keys are free. Call with the academy's row locked: what is free stays free."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Q

from casier.directory.claims import Claims
from casier.directory.errors import AddressTaken, NotOurDomain
from casier.directory.models import Academy, Address, MailDomain, UsedMailboxKey
from casier.kernel.addresses import BadAddress, MailAddress, homonyms

# What may stand before the @ of an address of ours: also a folder name in the store, a map key, a file name.
_OURS = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
# Of who was erased: a domain that nobody can have (RFC 2606).
NAMELESS = "@efface.invalid"
_TRIES_AT_ONCE = 10
_TRIES_AT_ONCE_OF_MANY = 50
_NAMES_AT_ONCE = 5000


def free_local(domains: list[MailDomain], wanted: str, now: datetime, own_key: str = "") -> str:
    """WANTED, or with the first digit (`jean.martin1`) that is free on every one of DOMAINS.

    OWN_KEY is the mailbox key of whom it is for: that name is nobody else's.
    """
    names = [domain.name for domain in domains]
    tries = homonyms(wanted)
    while batch := list(islice(tries, _TRIES_AT_ONCE)):
        claims = _claims([f"{local}@{name}" for local in batch for name in names], now)
        for local in batch:
            if all(claims.allow_address(f"{local}@{name}", own_key) for name in names):
                return local
    raise AddressTaken(f"No address is free for {wanted}.", local=wanted)


def free_locals(domains: list[MailDomain], wanted: Sequence[str], now: datetime) -> list[str]:
    """What `free_local` would give each of WANTED in turn, nobody's name twice, in few queries for all."""
    names = [domain.name for domain in domains]
    tries = [homonyms(local) for local in wanted]
    found: dict[int, str] = {}
    given: set[str] = set()
    at_once = 1
    while missing := [place for place in range(len(wanted)) if place not in found]:
        batches = {place: list(islice(tries[place], at_once)) for place in missing}
        claims = _claims_of_many({local for batch in batches.values() for local in batch} - given, names, now)
        for place, batch in batches.items():
            if not batch:
                raise AddressTaken(f"No address is free for {wanted[place]}.", local=wanted[place])
            free = (one for one in batch if one not in given and _free(one, names, claims))
            if (local := next(free, None)) is not None:
                found[place] = local
                given.add(local)
        at_once = min(at_once * 5, _TRIES_AT_ONCE_OF_MANY)
    return [found[place] for place in range(len(wanted))]


def _free(local: str, names: list[str], claims: Claims) -> bool:
    return all(claims.allow_address(f"{local}@{name}") for name in names)


def _claims_of_many(locals_: set[str], names: list[str], now: datetime) -> Claims:
    """The claims on these names, asked in portions that every database takes."""
    found = Claims()
    wanted = sorted(f"{local}@{name}" for local in locals_ for name in names)
    for start in range(0, len(wanted), _NAMES_AT_ONCE):
        part = _claims(wanted[start : start + _NAMES_AT_ONCE], now)
        found = Claims(found.addresses | part.addresses, found.keys | part.keys)
    return found


def parse_own(academy: Academy, text: str) -> tuple[MailAddress, MailDomain]:
    """An address given by hand, and its domain. Raises BadAddress, or NotOurDomain when it is another's."""
    address = _parse_plain(text)
    domain = MailDomain.objects.filter(academy=academy, name=address.domain).first()
    if domain is None:
        raise NotOurDomain(f"{academy.slug} has no mail domain {address.domain}.", domain=address.domain)
    return address, domain


def claim(addresses: Iterable[MailAddress], own_key: str, now: datetime) -> None:
    """Make sure that the owner of the mailbox OWN_KEY can be given these; a row whose time is over goes.

    Raises AddressTaken.
    """
    names = [str(address) for address in addresses]
    refuse_taken(names, own_key, now)
    Address.objects.filter(address__in=names).delete()


def refuse_taken(names: list[str], own_key: str, now: datetime) -> None:
    """Raise AddressTaken with the first of NAMES that the owner of the mailbox OWN_KEY can't be given."""
    claims = _claims(names, now)
    for name in names:
        if not claims.allow_address(name, own_key):
            raise AddressTaken(f"{name} is taken.", address=name)


def claim_key(wanted: str, account: UUID, now: datetime) -> str:
    """A mailbox key that is nobody's: WANTED, or with a piece of the account's id. Used from now on."""
    local, _, domain = wanted.partition("@")
    tries = [wanted, f"{local}-{account.hex[:8]}@{domain}", f"{local}-{account.hex}@{domain}"]
    claims = _claims(tries, now)
    key = next((name for name in tries if claims.allow_key(name)), None)
    if key is None:
        raise AddressTaken(f"No mailbox key is free for {wanted}.", address=wanted)
    UsedMailboxKey.objects.create(key=key, at=now)
    return key


def parse_key(text: str) -> str:
    """A mailbox key given by hand: it has the form of an address of ours. Raises BadAddress."""
    return str(_parse_plain(text))


def in_order(academy: Academy) -> list[MailDomain]:
    """The academy's mail domains, the primary one first. Raises NotOurDomain when it has none."""
    domains = list(academy.domains.order_by("-is_primary", "name"))
    if not domains or not domains[0].is_primary:
        raise NotOurDomain(f"{academy.slug} has no primary mail domain.")
    return domains


def on_all(domains: list[MailDomain], local: str) -> Iterator[tuple[MailAddress, MailDomain]]:
    """The same local part on each domain."""
    return ((MailAddress(local, domain.name), domain) for domain in domains)


def _claims(names: list[str], now: datetime) -> Claims:
    """What is spoken for among NAMES: addresses in use or reserved, mailbox keys ever given."""
    held = Q(retired_at=None) | Q(reserved_until=None) | Q(reserved_until__gt=now)
    addresses = Address.objects.filter(held, address__in=names).values_list("address", flat=True)
    hidden = {hidden_key(name): name for name in names}
    keys = UsedMailboxKey.objects.filter(key__in=[*names, *hidden]).values_list("key", flat=True)
    return Claims(frozenset(addresses), frozenset(hidden.get(key, key) for key in keys))


def nameless_key(account: UUID) -> str:
    """The mailbox key of somebody who was erased: nothing of theirs comes back."""
    return f"{account.hex}{NAMELESS}"


def hidden_key(key: str) -> str:
    """What stays of a mailbox key whose person was erased: it tells no name, and isn't given again."""
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _parse_plain(text: str) -> MailAddress:
    address = MailAddress.parse(text)
    if not _OURS.fullmatch(address.local):
        raise BadAddress(
            f"{address}: letters, digits, and single . _ - between them only.", address=str(address)
        )
    return address
