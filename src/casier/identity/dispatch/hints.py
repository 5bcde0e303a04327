"""What a page may show of a number or an address: enough for its owner to know it, no more."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

NBSP = "\u00a0"
_DOT = "•"


def mask_address(address: str) -> str:
    """`claire.lefevre@laposte.net` → `c•••••@laposte.net`: always five dots, so no length is told."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}{_DOT * 5}@{domain}"


def mask_number(number: str) -> str:
    """`+33612345678` → `06 •• •• •• 78`; elsewhere the country's code and the last two digits."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return _DOT * 4 + number[-2:]
    if parsed.country_code in {33, 262, 590, 594, 596}:
        national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        digits = "".join(letter for letter in national if letter.isdigit())
        middle = NBSP.join([_DOT * 2] * 3)
        prefix = "" if parsed.country_code == 33 else f"+{parsed.country_code}{NBSP}"
        return f"{prefix}{digits[:2]}{NBSP}{middle}{NBSP}{digits[-2:]}"
    return f"+{parsed.country_code}{NBSP}{_DOT * 4}{NBSP}{number[-2:]}"
