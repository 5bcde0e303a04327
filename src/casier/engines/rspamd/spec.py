"""What Rspamd's configuration is rendered from."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

from casier.engines.engine import Facts
from casier.engines.postfix.spec import Road
from casier.engines.postfix.spec import spec_from as postfix_spec
from casier.kernel.instance import Instance, Port
from casier.kernel.secret import Secret

SELECTOR = "casier"
# What clamd is told to unpack at most (MaxScanSize) is as many times the largest message.
UNPACKED_TIMES = 4


@dataclass(frozen=True, slots=True)
class RspamdSpec:
    """Everything that the templates name. Paths are final ones, not the staging folder's."""

    config: Path
    data: Path
    hostname: str
    milter_port: int
    controller_port: int
    senders_url: str
    redirects_url: str
    handed_over_url: str
    clamd: Path
    roads: tuple[tuple[str, str], ...]  # daemon name that Postfix gives → road
    domains: tuple[str, ...]
    dkim: Path
    selector: str
    message_bytes: int
    resolvers: tuple[str, ...]
    names_resolve: bool
    header_key: Secret
    internal_key: Secret
    controller_password: Secret
    seal_domain: str
    unpacked_bytes: int


def spec_from(instance: Instance, facts: Facts) -> RspamdSpec:
    """Settings and facts. Raises EngineError on a wrong setting, InstanceError where a key is missing."""
    postfix = postfix_spec(instance, facts)
    internal = instance.key("internal")
    return RspamdSpec(
        config=instance.etc / "rspamd",
        data=instance.data / "rspamd",
        hostname=postfix.hostname,
        milter_port=postfix.milter_port,
        controller_port=instance.port(Port.RSPAMD_CONTROLLER),
        senders_url=f"http://127.0.0.1:{instance.port(Port.EDGE_INTERNAL)}/senders",
        redirects_url=f"http://127.0.0.1:{instance.port(Port.EDGE_INTERNAL)}/redirects",
        handed_over_url=f"http://127.0.0.1:{instance.port(Port.EDGE_INTERNAL)}/handed-over",
        clamd=instance.socket("clamav", "rspamd", "clamd.sock"),
        roads=tuple((road.seen_by_milter(postfix.hostname), road.value) for road in Road),
        domains=facts.domains,
        dkim=dkim_folder(instance),
        selector=SELECTOR,
        message_bytes=postfix.message_bytes,
        resolvers=facts.resolvers,
        names_resolve=postfix.names_resolve,
        header_key=Secret(instance.key("header").hex()),
        internal_key=Secret(internal.hex()),
        controller_password=controller_password(internal),
        seal_domain=facts.domains[0] if facts.domains else "",
        unpacked_bytes=UNPACKED_TIMES * postfix.message_bytes,
    )


def dkim_folder(instance: Instance) -> Path:
    """Where the signing keys are: `<domain>.key`. Lost keys mean new DNS records, so they are data."""
    return instance.data / "rspamd" / "dkim"


def controller_password(internal_key: bytes) -> Secret:
    """The password of Rspamd's controller: derived, so that there is no further file to keep."""
    return Secret(hmac.digest(internal_key, b"rspamd-controller", hashlib.sha256).hex())
