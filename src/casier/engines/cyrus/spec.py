"""What Cyrus is configured from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casier.engines.cyrus.arriving.answer import PREVIEW
from casier.engines.engine import Facts
from casier.engines.running import run_tool
from casier.kernel.instance import Instance, Port

# The domain that Cyrus strips from user names must be nobody's: a real one would be stripped at a SASL login
# but not from a JWT, and one person would get two mailboxes.
NOBODYS_DOMAIN = "nobody.invalid"
ADMIN = "casier-admin"
# Postfix's own limit is on the encoded message; Cyrus must accept whatever Postfix did.
ENCODING_OVERHEAD = 1.4


@dataclass(frozen=True, slots=True)
class CyrusSpec:
    """One store."""

    version: tuple[int, int]
    etc: Path
    data: Path
    run_http: Path
    run_dav: Path
    run_lmtp: Path
    run_saslauthd: Path
    run_notify: Path
    run_callout: Path
    imap_port: int
    jmap_smtp_port: int
    redirect_smtp_port: int
    server_name: str
    calendar_domains: tuple[str, ...]
    message_bytes: int
    admin: str = ADMIN
    preview: str = PREVIEW
    default_domain: str = NOBODYS_DOMAIN

    @classmethod
    def of(cls, instance: Instance, facts: Facts, version: tuple[int, int]) -> CyrusSpec:
        return cls(
            version=version,
            etc=instance.etc / "cyrus",
            data=instance.data / "cyrus",
            run_http=instance.socket("cyrus", "nginx", "http.sock"),
            run_dav=instance.socket("cyrus", "nginx", "dav.sock"),
            run_lmtp=instance.socket("cyrus", "postfix", "lmtp.sock"),
            run_saslauthd=instance.socket("edge", "cyrus", "mux"),
            run_notify=instance.socket("relay", "cyrus", "notify"),
            run_callout=instance.socket("agent", "cyrus", "callout"),
            imap_port=instance.port(Port.STORE_IMAP),
            jmap_smtp_port=instance.port(Port.POSTFIX_JMAP),
            redirect_smtp_port=instance.port(Port.POSTFIX_REDIRECT),
            server_name=facts.public_host,
            calendar_domains=facts.domains or (NOBODYS_DOMAIN,),
            message_bytes=int(facts.attachment_bytes * ENCODING_OVERHEAD),
        )

    @property
    def upload_kilobytes(self) -> int:
        return self.message_bytes // 1024


def installed_version() -> tuple[int, int]:
    """The installed Cyrus's version, (3, 6) on Debian 12. (0, 0) where it can't be told."""
    code, said = run_tool(["/usr/bin/dpkg-query", "-W", "-f=${Version}", "cyrus-common"], seconds=10)
    numbers = said.partition("-")[0].split(".") if code == 0 else []
    return (int(numbers[0]), int(numbers[1])) if len(numbers) >= 2 else (0, 0)
