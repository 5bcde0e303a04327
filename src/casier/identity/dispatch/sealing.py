"""Sealing what must not lie in clear in the database: numbers, addresses, codes that wait to be sent."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings

from casier.kernel.errors import CasierError

KEY = "means"
_NONCE = 12


class BadSeal(CasierError):
    """What is stored was sealed under another key, for another row, or was changed."""

    code = "bad_seal"


@dataclass(frozen=True, slots=True)
class Vault:
    """Seal, open and index under one key of the instance; USE keeps rooms apart."""

    key: bytes
    use: str

    def __repr__(self) -> str:
        return f"Vault(…, {self.use!r})"

    def seal(self, plain: str, bound: str) -> bytes:
        """PLAIN under AES-256-GCM. BOUND (the row and field) has to be said again to open it: what is sealed
        can't be moved to another person's row.
        """
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._derived("seal")).encrypt(nonce, plain.encode(), bound.encode())

    def open(self, sealed: bytes, bound: str) -> str:
        """The words again. Raises BadSeal."""
        try:
            nonce, box = bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:])
            return AESGCM(self._derived("seal")).decrypt(nonce, box, bound.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise BadSeal("This can't be opened with the instance's key.") from error

    def index(self, plain: str) -> str:
        """What finds PLAIN again without telling it: HMAC-SHA256 under a key of its own, hexadecimal."""
        return hmac.digest(self._derived("index"), plain.encode(), "sha256").hex()

    def _derived(self, part: str) -> bytes:
        return HKDFExpand(SHA256(), 32, f"casier {self.use} {part}".encode()).derive(self.key)


def vault(use: str) -> Vault:
    """The vault of this instance for USE."""
    return Vault(settings.CASIER_INSTANCE.key(KEY), use)
