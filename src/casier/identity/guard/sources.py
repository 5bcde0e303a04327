"""What counts as one source of tries."""

from __future__ import annotations

import ipaddress


def one_source(address: str) -> str:
    """The address itself; for IPv6 the /64, which one customer has whole (RFC 6177). What is no address is
    one source too.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:45] or "local"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
