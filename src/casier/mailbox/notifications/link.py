"""Where a notification may lead."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

LONGEST = 500
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
# What RFC 3986 lets stand in an address, and nothing that a browser takes for something else.
_LETTERS = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def is_host(name: str) -> bool:
    """Whether NAME is the name of a host on the web, in lower case; never an address in digits."""
    return _HOST.fullmatch(name) is not None


def allowed(link: str, hosts: Collection[str]) -> bool:
    """Whether LINK is an https address at one of HOSTS exactly, with nothing before the host."""
    if len(link) > LONGEST or not _LETTERS.fullmatch(link):
        return False
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port in {None, 443}
    return plain and parts.scheme == "https" and (parts.hostname or "") in hosts
