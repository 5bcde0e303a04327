"""Which push services this installation talks to, and by what road.

A browser chooses the address that we are to post to, so it must not be made to look into our own network:
only hosts that are named, only https, and connections only to addresses that were checked.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from casier.edge.images.reach import Reach, Refused, Target
from casier.kernel.instance import Instance
from casier.mailbox.push.errors import BadSubscription

# The push services of Chrome, Edge and others like them, of Firefox, of Safari, of Edge on Windows.
HOSTS = ("fcm.googleapis.com", "*.push.services.mozilla.com", "web.push.apple.com", "*.notify.windows.com")
LONGEST = 1_000  # characters of an address
# A device rings at most this often; what comes meanwhile is told together.
PAUSE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class PushReach:
    """What `instance.toml` says of push services."""

    reach: Reach
    hosts: tuple[str, ...] = HOSTS
    authority: Path | None = None
    proxy: str = ""
    contact: str = ""
    pause: timedelta = PAUSE

    @classmethod
    def of(cls, instance: Instance) -> PushReach:
        """By `push` (else as for mail), `push_hosts`, `_networks`, `_ca`, `_proxy`, `_contact`, `_pause`."""
        settings = instance.settings
        leaves = settings.get("outside") == "direct" or bool(settings.get("relayhost"))
        networks = tuple(
            ipaddress.ip_network(text, strict=False) for text in _texts(settings.get("push_networks"))
        )
        authority = str(settings.get("push_ca", ""))
        return cls(
            Reach(bool(settings.get("push", leaves)), networks),
            tuple(host.lower() for host in _texts(settings.get("push_hosts"))) or HOSTS,
            Path(authority) if authority else None,
            str(settings.get("push_proxy", "")),
            str(settings.get("push_contact", "")),
            timedelta(seconds=float(str(settings.get("push_pause", PAUSE.total_seconds())))),
        )

    @property
    def nowhere(self) -> bool:
        """Whether no push service can be reached at all."""
        return self.reach.nowhere

    def checked(self, endpoint: str) -> Target:
        """ENDPOINT as what is asked. Raises BadSubscription."""
        if len(endpoint) > LONGEST or not endpoint.isascii():
            raise BadSubscription(why="form")
        try:
            target = Target.parse(endpoint)
        except Refused as error:
            raise BadSubscription(why="form") from error
        if target.scheme != "https":
            raise BadSubscription(why="scheme")
        if not any(fnmatchcase(target.host.lower(), pattern) for pattern in self.hosts):
            raise BadSubscription(why="host", host=target.host[:100])
        if not target.usual_port and not self.reach.networks:
            raise BadSubscription(why="port")
        return target


def reach_of(instance: Instance) -> Callable[[], PushReach]:
    """Tells the reach of INSTANCE as its settings are now."""
    file = instance.root / "instance.toml"
    known: dict[float, PushReach] = {}

    def now() -> PushReach:
        changed = file.stat().st_mtime
        if changed not in known:
            known.clear()
            known[changed] = PushReach.of(Instance.load(instance.root))
        return known[changed]

    return now


def origin_of(endpoint: str) -> str:
    """Scheme and host of an address, as VAPID names its audience."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _texts(named: object) -> list[str]:
    if isinstance(named, list):
        return [str(one) for one in named]
    return [str(named)] if named else []
