"""What other apps may use of identity."""

from __future__ import annotations

from casier.identity.actions import (
    ALL_PROTOCOLS,
    NewAppPassword,
    NoSuchAppPassword,
    TooManyAppPasswords,
    WeakPassword,
    check_password,
    create_app_password,
    end_session,
    end_sessions,
    live_app_passwords,
    password_faults,
    revoke_app_password,
    set_password,
)
from casier.identity.app_passwords import Protocol
from casier.identity.publish import publish_account

__all__ = [
    "ALL_PROTOCOLS",
    "NewAppPassword",
    "NoSuchAppPassword",
    "Protocol",
    "TooManyAppPasswords",
    "WeakPassword",
    "check_password",
    "create_app_password",
    "end_session",
    "end_sessions",
    "live_app_passwords",
    "password_faults",
    "publish_account",
    "revoke_app_password",
    "set_password",
]
