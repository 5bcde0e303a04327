"""The instance's VAPID key (RFC 8292), and the seal on what is kept of devices: both from the secret `push`.

Who replaces the secret makes every device worthless at once: push services hold each to the key that it was
made with, and what is sealed can't be opened. Browsers notice at their next visit and subscribe anew.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import jwt
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from casier.kernel.instance import Instance
from casier.mailbox.push.reach import origin_of

# A push service refuses more than a day (RFC 8292 §2).
TOKEN_LIFE = timedelta(hours=12)
# FIPS 186-4, D.1.2.3: the order of P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is reached, and the keys that only it can open (RFC 8291)."""

    endpoint: str
    p256dh: str
    auth: str


class Keys:
    """What is made of the secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of(cls, instance: Instance) -> Keys:
        return cls(instance.key("push"))

    @cached_property
    def private(self) -> ec.EllipticCurvePrivateKey:
        # More bytes than the order has, so that no scalar is likelier than another (FIPS 186-5, A.2.1).
        drawn = int.from_bytes(self._derived(b"casier vapid", 48), "big")
        return ec.derive_private_key(drawn % (_ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def public(self) -> str:
        """What browsers subscribe with (`applicationServerKey`)."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return encoded(point)

    @cached_property
    def private_pem(self) -> bytes:
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @cached_property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def authorization(self, endpoint: str, contact: str, now: datetime) -> str:
        """The header that tells ENDPOINT's service who sends and whom to ask about it."""
        claims = {"aud": origin_of(endpoint), "exp": int((now + TOKEN_LIFE).timestamp()), "sub": contact}
        return f"vapid t={jwt.encode(claims, self.private, algorithm='ES256')}, k={self.public}"

    def seal(self, subscription: Subscription) -> str:
        """SUBSCRIPTION as it is kept."""
        facts = [subscription.endpoint, subscription.p256dh, subscription.auth]
        return self._fernet.encrypt(json.dumps(facts).encode()).decode()

    def opened(self, sealed: str) -> Subscription | None:
        """What was sealed; None where it was under another secret."""
        try:
            return Subscription(*json.loads(self._fernet.decrypt(sealed)))
        except InvalidToken:
            return None

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derived(b"casier push devices", 32)))

    def _derived(self, purpose: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=purpose).derive(self._secret)


def encoded(octets: bytes) -> str:
    """Base64url without padding, as everything here is written."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What `encoded` wrote. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
