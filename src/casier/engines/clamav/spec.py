"""What clamd is configured from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casier.engines.engine import Facts
from casier.kernel.instance import Instance

PUBLIC_SIGNATURES = Path("/var/lib/clamav")
OWN_SIGNATURES = Path(__file__).parent / "data"
# Base64 and headers make a message larger than what is attached to it.
MESSAGE_OVERHEAD = 1.4


@dataclass(frozen=True, slots=True)
class ClamavSpec:
    """One clamd on a Unix socket."""

    socket: Path
    signatures: Path
    folder: Path
    message_bytes: int

    @classmethod
    def of(cls, instance: Instance, facts: Facts) -> ClamavSpec:
        return cls(
            instance.socket("clamav", "rspamd", "clamd.sock"),
            PUBLIC_SIGNATURES if has_public_signatures() else instance.data / "clamav" / "signatures",
            instance.data / "clamav",
            int(facts.attachment_bytes * MESSAGE_OVERHEAD),
        )

    @property
    def scan_bytes(self) -> int:
        """How much of one content clamd looks at, what it unpacks included; beyond, it says so."""
        return 4 * self.message_bytes


def has_public_signatures(folder: Path = PUBLIC_SIGNATURES) -> bool:
    """Whether freshclam has fetched the public database here: its main part is there."""
    return any((folder / f"main.{kind}").is_file() for kind in ("cvd", "cld"))
