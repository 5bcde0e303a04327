"""A zip whose every file is summed, and whose sums are signed: whoever has it can show that it is whole.

SHA256SUMS is as `sha256sum -c` reads it; SHA256SUMS.sig is its Ed25519 signature (RFC 8032), in base64.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casier.mailbox.transfer.archive import Zip


class _Sum(Protocol):
    def update(self, piece: bytes, /) -> None: ...


SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"


class SealedZip(Zip):
    """A zip that sums what goes in. The sums lie on the disk: a mailbox may hold a million messages."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._sums: IO[bytes] = tempfile.TemporaryFile(dir=file.parent)  # noqa: SIM115 - closed by the seal

    def add(self, name: str, pieces: Iterable[bytes], at: datetime) -> None:
        digest = hashlib.sha256()
        super().add(name, _summed(pieces, digest), at)
        self._sums.write(f"{digest.hexdigest()}  {name}\n".encode())

    def seal(self, key: bytes, at: datetime) -> str:
        """Add the sums and their signature with KEY (32 bytes), last; the digest of the sums."""
        self._sums.seek(0)
        whole = self._sums.read()
        self._sums.close()
        super().add(SUMS, [whole], at)
        signature = Ed25519PrivateKey.from_private_bytes(key).sign(whole)
        super().add(SIGNATURE, [base64.b64encode(signature) + b"\n"], at)
        return hashlib.sha256(whole).hexdigest()


def _summed(pieces: Iterable[bytes], digest: _Sum) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def check(path: Path, public_key: str) -> Iterator[str]:
    """What is wrong with the copy at PATH; nothing when it is whole and PUBLIC_KEY (base64) signed it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)) or not {SUMS, SIGNATURE} <= set(names):
            yield "is not a sealed copy"
            return
        whole = archive.read(SUMS)
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
            key.verify(base64.b64decode(archive.read(SIGNATURE).strip(), validate=True), whole)
        except (InvalidSignature, ValueError):
            yield "is not signed by this platform"
            return
        lines = (line.partition("  ") for line in whole.decode().splitlines())
        sums = {name: digest for digest, _gap, name in lines}
        for name in sorted(set(names) - {SUMS, SIGNATURE} | set(sums)):
            if name not in sums or name not in names:
                yield f"{name} was added or taken away"
            else:
                with archive.open(name) as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sums[name]:  # type: ignore[arg-type]
                        yield f"{name} was changed"
