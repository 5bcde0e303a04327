"""What other rooms may ask of passwords."""

from __future__ import annotations

from casier.identity.passwords.actions import (
    WeakPassword,
    check_password,
    force_change,
    password_faults,
    password_verdict,
    rules_for,
    set_password,
    set_temporary_password,
)
from casier.identity.passwords.due import hash_to_check, password_due, proof_of

__all__ = [
    "WeakPassword",
    "check_password",
    "force_change",
    "hash_to_check",
    "password_due",
    "password_faults",
    "password_verdict",
    "proof_of",
    "rules_for",
    "set_password",
    "set_temporary_password",
]
