"""What Postfix's configuration is rendered from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casier.engines.engine import EngineError, Facts
from casier.kernel.instance import Instance, Port

# base64 and line ends make a message a third larger than its attachments; the rest is text and headers.
ENCODING_OVERHEAD = 1.4
_RELAY = re.compile(r"\[?[0-9A-Za-z.:-]+\]?(:[0-9]{1,5})?")


class Road(StrEnum):
    """How a message came to us. Postfix tells the policy service and Rspamd; the rules differ by road."""

    PUBLIC = "public"  # anyone, port 25
    CLIENTS = "clients"  # mail programs, behind nginx
    JMAP = "jmap"  # Cyrus submits for the web client
    REDIRECT = "redirect"  # Cyrus hands back what Sieve redirects, rejects or answers
    PLATFORM = "platform"  # what the platform writes itself

    def seen_by_milter(self, hostname: str) -> str:
        """The daemon name that Rspamd reads; also the authserv-id of what it writes (RFC 8601 §2.5)."""
        return hostname if self is Road.PUBLIC else f"{self.value}.{hostname}"


class Outside(StrEnum):
    """What happens to mail for other people's domains."""

    HOLD = "hold"  # stays in the queue: a demonstration must never write to real people
    DIRECT = "direct"  # to the MX of each domain
    RELAY = "relay"  # all of it to one host


@dataclass(frozen=True, slots=True)
class PostfixSpec:
    """Everything that the templates name. Paths are final ones, not the staging folder's."""

    config: Path
    queue: Path
    data: Path
    hostname: str
    smtp_port: int
    clients_port: int
    jmap_port: int
    redirect_port: int
    platform_port: int
    milter_port: int
    policy: Path
    maps: Path
    certificate: Path
    key: Path
    message_bytes: int
    outside: Outside
    relayhost: str
    names_resolve: bool

    @property
    def queue_minfree(self) -> int:
        """Postfix wants one and a half times the largest message before it takes another."""
        return self.message_bytes * 3 // 2


def spec_from(instance: Instance, facts: Facts) -> PostfixSpec:
    """Settings of `instance.toml` (`outside`, `relayhost`) and the directory's facts. Raises EngineError."""
    outside, relayhost = _outside(instance.settings)
    return PostfixSpec(
        config=instance.etc / "postfix",
        queue=instance.data / "postfix" / "queue",
        data=instance.data / "postfix" / "lib",
        hostname=facts.public_host,
        smtp_port=instance.port(Port.SMTP),
        clients_port=instance.port(Port.POSTFIX_CLIENTS),
        jmap_port=instance.port(Port.POSTFIX_JMAP),
        redirect_port=instance.port(Port.POSTFIX_REDIRECT),
        platform_port=instance.port(Port.POSTFIX_PLATFORM),
        milter_port=instance.port(Port.RSPAMD_MILTER),
        policy=instance.socket("edge", "postfix", "policy"),
        maps=instance.socket("edge", "postfix", "map"),
        certificate=instance.tls / "cert.pem",
        key=instance.tls / "key.pem",
        message_bytes=int(facts.attachment_bytes * ENCODING_OVERHEAD),
        outside=outside,
        relayhost=relayhost,
        names_resolve=outside is Outside.DIRECT or bool(facts.resolvers),
    )


def _outside(settings: dict[str, object]) -> tuple[Outside, str]:
    """Nothing leaves unless someone said so: an instance starts as a demonstration."""
    relayhost = str(settings.get("relayhost", ""))
    if relayhost:
        if not _RELAY.fullmatch(relayhost):
            raise EngineError(f'relayhost = {relayhost!r} is no host; write "[relay.example]:25".')
        return Outside.RELAY, relayhost
    name = str(settings.get("outside", Outside.HOLD))
    if name not in (Outside.HOLD, Outside.DIRECT):
        raise EngineError(f'outside = {name!r} is neither "hold" nor "direct".')
    return Outside(name), ""
