"""What a device is told: how many, in which language. Nothing of any message, sender or folder."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from casier.mailbox.push.keys import Keys, Subscription, decoded

# Every push has this length before it is encrypted: how long it is tells nothing either.
LENGTH = 128
MOST = 999
_POINT, _AUTH = 65, 16


@dataclass(frozen=True, slots=True)
class Told:
    """One push."""

    count: int
    language: str
    trial: bool = False

    def dumps(self) -> bytes:
        """JSON of LENGTH bytes: spaces at the end are nothing."""
        kind = "trial" if self.trial else "mail"
        facts = {"type": kind, "count": min(self.count, MOST), "language": self.language}
        return json.dumps(facts, separators=(",", ":")).encode().ljust(LENGTH)


def well_formed(subscription: Subscription) -> bool:
    """Whether its keys are what RFC 8291 wants: a point of P-256, and sixteen bytes."""
    try:
        point, auth = decoded(subscription.p256dh), decoded(subscription.auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == _POINT and len(auth) == _AUTH


def encrypted(told: Told, subscription: Subscription, keys: Keys, contact: str) -> bytes:
    """TOLD for this browser alone (RFC 8291, aes128gcm)."""
    # Only who has something to push pays for loading it.
    from webpush import WebPush, WebPushSubscription

    pusher = WebPush(keys.private_pem, keys.public_pem, subscriber=contact)
    to = WebPushSubscription.model_validate(
        {
            "endpoint": subscription.endpoint,
            "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
        }
    )
    body: bytes = pusher.get(told.dumps(), to).encrypted
    return body
