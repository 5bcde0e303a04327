"""Where an address is, as far as the platform knows without asking anyone."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from casier.directory.models import Academy
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone came from."""

    own_network: bool = False  # one of the academy's own networks
    country: str = ""  # ISO 3166; "": not known
    city: str = ""


def place_of(source: str, academy: Academy | None) -> Place:
    """The place of SOURCE: by the academy's networks, and by the local database when there is one."""
    # The guard tells people of what it sees: it imports this room.
    from casier.identity.guard.places import place_of as known_place

    own = academy is not None and within(source, policy_for(academy).own_networks)
    return Place(own, known_place(source).country)


def within(source: str, networks: tuple[str, ...]) -> bool:
    """Whether the address SOURCE lies in one of NETWORKS (CIDR); what is no address lies nowhere."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)


def neighbourhood(source: str) -> str:
    """What counts as one place when many come from it: whoever has an IPv6 address has a whole /64."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:45]
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None:
        return str(mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address) + "/64"
