"""The shape of an application password: long enough never to be guessed, easy enough to copy by hand."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from enum import StrEnum

from casier.kernel.secret import Secret

# Letters and digits that are not taken for one another (no 0, 1, i, l, o): log2(31) = 4.95 bits each.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS = 6
_GROUP_LENGTH = 4


class Protocol(StrEnum):
    """What an application password may open."""

    IMAP = "imap"
    SMTP = "smtp"
    JMAP = "jmap"
    DAV = "dav"


def generate(choose: Callable[[Sequence[str]], str] = secrets.choice) -> Secret:
    """A fresh password of 118 bits, six groups of four: `k7mq-….`.

    The groups are part of it: it is meant to be copied whole.
    """
    made = ("".join(choose(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return Secret("-".join(made))


def lookup_mac(password: Secret, key: bytes) -> str:
    """What is stored and published of a password: a keyed hash.

    A slow hash would add nothing to 118 bits of chance, and each telephone would pay for it at each sign-in.
    """
    return hmac.digest(key, password.reveal().encode(), "sha256").hex()
