"""What other apps may use of identity."""

from __future__ import annotations

from casier.identity.actions import end_session, end_sessions
from casier.identity.app_passwords.actions import (
    ALL_PROTOCOLS,
    NewAppPassword,
    NoSuchAppPassword,
    TooManyAppPasswords,
    create_app_password,
    live_app_passwords,
    revoke_app_password,
)
from casier.identity.app_passwords.generating import Protocol
from casier.identity.passwords.api import (
    WeakPassword,
    check_password,
    force_change,
    password_faults,
    set_password,
    set_temporary_password,
)
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
    "force_change",
    "live_app_passwords",
    "password_faults",
    "publish_account",
    "revoke_app_password",
    "set_password",
    "set_temporary_password",
]
