"""Mail programs as edge and identity know them: which one used an application password, which one waits.

casier:programs:<app password id>       set of the pairs that its owner approved, and UNDER_APPROVAL.
                                        Without the key, every program may use it.
casier:app-used:<app password id>       hash: the last use, at most one a minute (edge)
casier:app-used                         set of the ids whose last use the worker hasn't kept yet
casier:program-waits:<id>:<pair>        that the worker was told of this pair (edge, expires)
casier:programs-told:<id>               how many pairs the worker was told of (edge, expires)
casier:programs-waiting                 list of `Use`: what the worker has to tell people of
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from dataclasses import asdict, dataclass
from typing import Final, Self

from casier.kernel.published import PREFIX

USED: Final = f"{PREFIX}app-used"
WAITING: Final = f"{PREFIX}programs-waiting"
CHANNEL: Final = f"{PREFIX}programs"
# A set that would be empty isn’t there: this says that programs are asked for all the same.
UNDER_APPROVAL: Final = "*"
# How long what waits is remembered; asked again after it (seconds).
WAITS_SECONDS: Final = 86_400
# A stolen password that is tried from everywhere tells its owner so many times a day, not more.
MOST_TOLD: Final = 10
# A telephone changes its address all day within the networks of its operator; these are as wide.
_NETWORK_BITS: Final = {4: 16, 6: 32}
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Use:
    """An application password was used: which, from where, by what (PROGRAM: "" where it doesn't say)."""

    app_password: str
    address: str
    protocol: str
    program: str
    at: int  # unix seconds

    @property
    def pair(self) -> str:
        """What the program and where it came from are recognised by; never the password."""
        family = "mail" if self.protocol in ("imap", "smtp") else self.protocol
        known = f"{family}|{self.program or ''}|{network_of(self.address)}"
        return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:32]

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str | bytes) -> Self:
        return cls(**json.loads(text))


def network_of(address: str) -> str:
    """The network that ADDRESS lies in, as wide as an operator's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    bits = _NETWORK_BITS[found.version]
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/{bits}", strict=False))


def program_of(user_agent: str) -> str:
    """The program that a User-Agent names, without its version, which changes: `DAVx5`, `iOS accountsd`."""
    products = re.findall(r"([A-Za-z][\w+.-]*)/\d", user_agent[:300])
    known = [product for product in products if product not in ("Mozilla", "Gecko")]
    if not known:
        return ""
    # Those that begin like a browser say at the end what they are.
    return str(known[-1 if user_agent.startswith("Mozilla") else 0])[:_LONGEST_NAME]


def programs_key(app_password: str) -> str:
    return f"{PREFIX}programs:{app_password}"


def used_key(app_password: str) -> str:
    return f"{USED}:{app_password}"


def waits_key(use: Use) -> str:
    return f"{PREFIX}program-waits:{use.app_password}:{use.pair}"


def told_key(app_password: str) -> str:
    return f"{PREFIX}programs-told:{app_password}"
