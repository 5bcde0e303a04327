"""What can be done to a person's password: with author, fact and effect."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.mandates import mandates_of
from casier.directory.models import Account
from casier.identity import hashers, sessions
from casier.identity.ending import sessions_ended
from casier.identity.history import api as history
from casier.identity.models import PasswordKind, User
from casier.identity.passwords import phrases
from casier.identity.passwords.due import hash_to_check, temporary_end
from casier.identity.passwords.history import keep_past, repeated
from casier.identity.passwords.personal import known_of
from casier.identity.passwords.rules import Fault, Rules, Verdict, judge
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

# Below the instance's data: a local list of leaked passwords, where the operator keeps one.
LEAKED = Path("passwords", "leaked.txt")


class WeakPassword(CasierError):
    """The password breaks the rules; `faults` holds every way in which it does."""

    code = "weak_password"

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(", ".join(fault.weakness for fault in found))
        self.faults = found


def rules_for(account: Account, now: datetime) -> Rules:
    """What a password of ACCOUNT must be, by policy and by what its person is charged with."""
    policy = policy_for(account.academy).password
    charged = mandates_of(account, now).exists()
    return Rules(
        max(policy.min_length, policy.admin_min_length) if charged else policy.min_length,
        policy.classes,
        policy.long_enough,
        policy.least_score,
        settings.CASIER_INSTANCE.data / LEAKED,
    )


def password_faults(account: Account, password: Secret) -> list[Fault]:
    """What the policy, the lists and the names around the person hold against PASSWORD."""
    return password_verdict(account, password).faults


def password_verdict(account: Account, password: Secret) -> Verdict:
    """What is held against PASSWORD, and how strong it is; what it was before isn't looked at."""
    return judge(password, rules_for(account, timezone.now()), known_of(account))


def set_password(account: Account, password: Secret, by: Actor, reason: str = "", *, but: str = "") -> User:
    """Give ACCOUNT a password of its own and end its sessions, all but digest BUT. Raises WeakPassword."""
    found = password_faults(account, password) or _repeated(account, password)
    if found:
        raise WeakPassword(found)
    encoded = hashers.hashed(password.reveal())
    now = timezone.now()
    with transaction.atomic():
        user = _replace(account, encoded, PasswordKind.OWN, now)
        _note(by, "identity.password_set", account, reason)
        history.tell(account, history.Notice.PASSWORD_CHANGED, {"origin": by.origin})
        _end_sessions(account, but)
    return user


def set_temporary_password(account: Account, by: Actor, reason: str) -> Secret:
    """Give ACCOUNT a generated password that opens the way to one of its own, for the policy's days.

    Nobody chooses it, and it can be read here alone. Whoever has it made tells the person.
    """
    password = phrases.suggest(phrases.TEMPORARY_WORDS)
    encoded = hashers.hashed(password.reveal())
    now = timezone.now()
    with transaction.atomic():
        user = _replace(account, encoded, PasswordKind.TEMPORARY, now)
        user.temporary_until = temporary_end(now, policy_for(account.academy).password.temporary_days)
        user.save(update_fields=["temporary_until"])
        _note(by, "identity.temporary_password_set", account, reason)
        _end_sessions(account)
    return password


def force_change(account: Account, by: Actor, reason: str) -> None:
    """Have ACCOUNT choose another password before anything opens again; its sessions end.

    The application passwords go on: mail isn't cut.
    """
    with transaction.atomic():
        User.objects.select_for_update().filter(account=account).update(change_forced_at=timezone.now())
        _note(by, "identity.password_change_forced", account, reason)
        _end_sessions(account)


def check_password(account: Account, password: Secret) -> bool:
    """Whether PASSWORD is the account's. For confirming something; signing in is `signin.sign_in`."""
    user = User.objects.filter(account=account).first()
    return hashers.matches(password.reveal(), hash_to_check(user, timezone.now()))[0]


def _repeated(account: Account, password: Secret) -> list[Fault]:
    user = User.objects.filter(account=account).first()
    weakness = repeated(user, password, policy_for(account.academy).password.history)
    return [Fault(weakness)] if weakness else []


def _replace(account: Account, encoded: str, kind: PasswordKind, now: datetime) -> User:
    user, _ = User.objects.select_for_update().get_or_create(account=account)
    if user.has_usable_password() and user.password_kind == PasswordKind.OWN:
        keep_past(account, user.password, policy_for(account.academy).password.history, now)
    user.password, user.password_changed_at, user.password_kind = encoded, now, kind
    user.temporary_until = user.change_forced_at = user.expiry_told = None
    user.save(
        update_fields=[
            "password", "password_changed_at", "password_kind",
            "temporary_until", "change_forced_at", "expiry_told",
        ]
    )  # fmt: skip
    return user


def _end_sessions(account: Account, but: str = "") -> None:
    sessions_ended.send(User, account_id=account.public_id, but=but)
    transaction.on_commit(lambda: sessions.end_all(account.public_id, but), robust=True)


def _note(by: Actor, action: str, account: Account, reason: str) -> None:
    record(by, action, f"account:{account.public_id}", reason, academy=account.academy.slug)
