"""French departments, by their numbers."""

from __future__ import annotations

# Where the postal code's first digits aren't the department's number: Corsica, and overseas (three digits).
_CORSICA = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}


def department_of(postal_code: str) -> str:
    """The number of the department of a French POSTAL_CODE: "76", "2A", "974"; "" when it isn't one.

    A few communes take their letters by a post office of the department beside; a feed that knows better
    says so.
    """
    digits = postal_code.strip()
    if len(digits) != 5 or not digits.isdecimal():
        return ""
    if digits.startswith("20"):
        return _CORSICA.get(digits[:3], "")
    return digits[:3] if digits.startswith(("97", "98")) else digits[:2]
