"""What is kept of secrets: sealed under a key of the instance, or only a keyed hash.

A copy of the database alone gives no code: neither what an application shares with us, nor a recovery code.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings

from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret

_NONCE = 12
# The instance's key for what lies confidential beside people; each use derives its own from it.
_KEY = "numen"


class SealBroken(CasierError):
    """The stored bytes were changed, belong to somebody else, or the key is another."""

    code = "seal_broken"


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and hashes with one key; OWNER binds what is sealed to the account whose it is."""

    key: bytes

    def __repr__(self) -> str:
        return "Vault(…)"

    def seal(self, secret: Secret, owner: str) -> bytes:
        """SECRET under AES-256-GCM, with a fresh nonce in front."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._derived(b"seal")).encrypt(nonce, secret.reveal().encode(), owner.encode())

    def open(self, sealed: bytes, owner: str) -> Secret:
        """The secret again. Raises SealBroken: a row copied to another account opens nothing there."""
        try:
            aead = AESGCM(self._derived(b"seal"))
            return Secret(aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode()).decode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken("A stored secret can't be read with this key.") from error

    def mac(self, text: Secret, owner: str, use: str) -> str:
        """What is kept of TEXT where it only has to be known again: HMAC-SHA256, for OWNER and USE alone."""
        named = f"{owner}\n{text.reveal()}".encode()
        return hmac.digest(self._derived(use.encode()), named, "sha256").hex()

    def _derived(self, use: bytes) -> bytes:
        return HKDFExpand(SHA256(), 32, b"casier factors " + use).derive(self.key)


def vault() -> Vault:
    """The vault of this instance."""
    return Vault(settings.CASIER_INSTANCE.key(_KEY))
