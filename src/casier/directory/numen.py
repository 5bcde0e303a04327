"""The NUMEN: confidential, so stored encrypted, with a keyed index that finds its owner again.

Two digits, a letter, two digits, five digits, three letters. Never logged, never shown, never a password.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret

_SHAPE = re.compile(r"[0-9]{2}[A-Z][0-9]{7}[A-Z]{3}", re.ASCII)
_NONCE = 12


class BadNumen(CasierError):
    """Not a NUMEN. The message doesn't repeat what was typed."""

    code = "bad_numen"


def parse_numen(text: str) -> Secret:
    """A NUMEN in upper case without spaces. Raises BadNumen."""
    numen = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(numen):
        raise BadNumen("This is not a NUMEN: two digits, a letter, seven digits, three letters.")
    return Secret(numen)


@dataclass(frozen=True, slots=True)
class NumenVault:
    """Seal, open and index NUMENs with one key (the instance's secret `numen`)."""

    key: bytes

    def __repr__(self) -> str:
        return "NumenVault(…)"

    def index(self, numen: Secret) -> str:
        """What finds a NUMEN in the database without telling it: HMAC-SHA256 under a key of its own."""
        return hmac.digest(self._derived(b"index"), numen.reveal().encode(), "sha256").hex()

    def seal(self, numen: Secret, nonce: bytes) -> bytes:
        """The NUMEN under AES-256-GCM. NONCE: twelve fresh random bytes."""
        return nonce + AESGCM(self._derived(b"seal")).encrypt(nonce, numen.reveal().encode(), None)

    def open(self, sealed: bytes) -> Secret:
        """The NUMEN again. Raises BadNumen when the key is another or the bytes were changed."""
        try:
            plain = AESGCM(self._derived(b"seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag as error:
            raise BadNumen("A stored NUMEN can't be read with this key.") from error
        return Secret(plain.decode())

    def _derived(self, use: bytes) -> bytes:
        return HKDFExpand(SHA256(), 32, b"casier numen " + use).derive(self.key)
