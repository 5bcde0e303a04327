"""Where images may be fetched from: the outside, or not, and nothing that is near us.

A sender chooses the address, so the platform must not be made to look into its own network: what a name
resolves to is checked, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"http": 80, "https": 443}
LONGEST = 4000  # characters of an address
# Forms of IPv6 that hold an IPv4 address, which somebody on the way may unpack (RFC 6052, 3056, 4380, 8215).
_UNPACKED = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


class Refused(CasierError):
    """This address is not asked; the fact `why` says for what reason."""

    code = "image_refused"


@dataclass(frozen=True, slots=True)
class Reach:
    """What this instance lets images come from."""

    outside: bool
    networks: tuple[Network, ...] = ()  # near us, and allowed all the same: a server of images of the house

    @classmethod
    def of(cls, instance: Instance) -> Reach:
        """By `instance.toml`: `outside` (as for mail) or `images`, and `image_networks`."""
        settings = instance.settings
        leaves = settings.get("outside") == "direct" or bool(settings.get("relayhost"))
        named = settings.get("image_networks", [])
        texts = named if isinstance(named, list) else [named]
        networks = tuple(ipaddress.ip_network(str(text), strict=False) for text in texts)
        return cls(bool(settings.get("images", leaves)), networks)

    @property
    def nowhere(self) -> bool:
        """Whether no image can be fetched at all."""
        return not self.outside and not self.networks

    def allows(self, address: Ip) -> bool:
        """Whether a connection to ADDRESS may be made."""
        if any(address in network for network in self.networks if network.version == address.version):
            return True
        return self.outside and is_far(address) and not is_ours(address)


def is_far(address: Ip) -> bool:
    """Whether ADDRESS is one of the public Internet (IANA's special-purpose registries)."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_far(address.ipv4_mapped)
        if any(address in network for network in _UNPACKED) or address.is_site_local:
            return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not special and not address.is_link_local and not address.is_private


def is_ours(address: Ip) -> bool:
    """Whether ADDRESS is one of this machine: only those can be bound."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.bind((str(address), 0))
        return True
    return False


@dataclass(frozen=True, slots=True)
class Target:
    """One image's address, read once."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Target:
        """Read URL. Raises Refused for anything but plain http(s) to a host."""
        if len(url) > LONGEST or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
            raise Refused(why="form")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise Refused(why="form") from error
        if parts.scheme not in PORTS or not host or "@" in parts.netloc or "%" in host:
            raise Refused(why="form")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, _ascii(host), port or PORTS[parts.scheme], _quoted(path))

    @property
    def usual_port(self) -> bool:
        return self.port == PORTS[self.scheme]

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.usual_port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def _ascii(host: str) -> str:
    try:
        return host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise Refused(why="form") from error


def _quoted(path: str) -> str:
    return "".join(
        sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in path
    )
