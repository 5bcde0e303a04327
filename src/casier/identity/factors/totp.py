"""Codes of an application (RFC 6238): six digits, thirty seconds, one step of tolerance either way."""

from __future__ import annotations

import pyotp
from pyotp.exceptions import OTPVerificationError

from casier.kernel.secret import Secret

# Telephones are up to half a minute off; each further step is another code that a guess may hit.
TOLERANCE = 1


def new_secret() -> Secret:
    """160 random bits, as applications take them (base32)."""
    return Secret(pyotp.random_base32())


def counter_of(secret: Secret, typed: str, now: float) -> int:
    """The step whose code TYPED is; 0 when it is none of those that are taken now."""
    digits = "".join(typed.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return 0
    try:
        return _device(secret).verify_and_get_timecode(digits, for_time=int(now), valid_window=TOLERANCE)
    except OTPVerificationError:
        return 0


def code_at(secret: Secret, now: float) -> str:
    """The code that an application shows."""
    return _device(secret).at(int(now))


def uri_of(secret: Secret, address: str, academy: str) -> Secret:
    """What the QR code says (`otpauth://…`); it holds the secret."""
    return Secret(_device(secret).provisioning_uri(name=address, issuer_name=academy))


def grouped(secret: Secret) -> Secret:
    """The secret as one copies it by hand, in groups of four."""
    text = secret.reveal()
    return Secret(" ".join(text[at : at + 4] for at in range(0, len(text), 4)))


def _device(secret: Secret) -> pyotp.TOTP:
    return pyotp.TOTP(secret.reveal())
