"""Signing keys: one a mail domain, made once and kept."""

from __future__ import annotations

import base64
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_BITS = 2048  # RFC 8301 §3.2; what every receiver verifies
_TXT_PIECE = 255  # a DNS string's length limit (RFC 1035 §3.3)


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A TXT record for the zone of a domain."""

    name: str
    value: str

    def __str__(self) -> str:
        pieces = [self.value[at : at + _TXT_PIECE] for at in range(0, len(self.value), _TXT_PIECE)]
        quoted = " ".join(f'"{piece}"' for piece in pieces)
        return f"{self.name}. IN TXT {quoted}"


def ensure_keys(folder: Path, domains: tuple[str, ...], group: str = "_rspamd") -> None:
    """Make the key of each of DOMAINS that has none, readable by GROUP. Never changes a key that is there."""
    for domain in domains:
        path = folder / f"{domain}.key"
        if not path.exists():
            _write_key(path, group)


def dns_record(folder: Path, domain: str, selector: str) -> DnsRecord:
    """What the zone of DOMAIN must say for its signatures to be verified (RFC 6376 §3.6.1)."""
    key = serialization.load_pem_private_key((folder / f"{domain}.key").read_bytes(), password=None)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return DnsRecord(
        f"{selector}._domainkey.{domain}", f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    )


def _write_key(path: Path, group: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    staging = path.with_suffix(".new")
    staging.touch(mode=0o600)
    staging.write_bytes(pem)
    shutil.chown(staging, "root", group)
    staging.chmod(0o640)
    staging.rename(path)
