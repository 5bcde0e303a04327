"""Asking people to open their account: what the sheet gives them is made here and can be read here alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState
from casier.identity.activation import codes, limits
from casier.identity.activation.models import Invitation, InvitationKind
from casier.identity.passwords.api import set_temporary_password
from casier.identity.redis_link import redis
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.policies.policy import Activation

_BY_NUMEN = {InvitationKind.NUMEN, InvitationKind.NUMEN_BIRTH_DATE}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made. SECRET: the code or the temporary password; the only moment to read it."""

    account: Account
    row: Invitation
    secret: Secret | None


def invite(account: Account, *, by: Actor, reason: str, now: datetime, code: Secret | None = None) -> Invited:
    """Invite the owner of ACCOUNT as its academy's policy says; what was given before is worth nothing any
    more.

    CODE: one given by hand, for demonstrations. Raises WrongState when the account is open, or out.
    """
    with transaction.atomic():
        locked = _locked(account)
        rules = policy_for(locked.academy).activation
        kind = _kind(locked, rules)
        _end_others(locked, now)
        secret = _secret(locked, kind, code, by, reason)
        row = Invitation.objects.create(
            account=locked,
            kind=kind,
            mac=_mac(secret) if kind is InvitationKind.ARRIVAL_CODE and secret else None,
            issued_at=now,
            expires_at=_end(locked, kind, now),
        )
        record(
            by, "account.invited", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now, kind=kind.value,
        )  # fmt: skip
        transaction.on_commit(lambda: _forget_tries(locked), robust=True)
    return Invited(locked, row, secret)


def live_invitation(account: Account) -> Invitation | None:
    """The invitation that counts."""
    return Invitation.objects.filter(account=account, ended_at=None).first()


def _locked(account: Account) -> Account:
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if locked.state != AccountState.INVITED:
        raise WrongState("Only who hasn't opened their account yet is invited.", state=locked.state)
    return Account.objects.select_related("academy", "person", "store").get(pk=account.pk)


def _kind(account: Account, rules: Activation) -> InvitationKind:
    """What opens the account: who has no NUMEN can't show one, and gets a temporary password."""
    kind = InvitationKind(rules.method)
    if kind in _BY_NUMEN and account.person.numen_index is None:
        return InvitationKind.TEMPORARY_PASSWORD
    return kind


def _end_others(account: Account, now: datetime) -> None:
    """A code that ended keeps no hash: nothing is left to be guessed."""
    Invitation.objects.filter(account=account, ended_at=None).update(ended_at=now, mac=None)


def _secret(
    account: Account, kind: InvitationKind, code: Secret | None, by: Actor, reason: str
) -> Secret | None:
    if kind is InvitationKind.ARRIVAL_CODE:
        return code or codes.generate()
    if kind is InvitationKind.TEMPORARY_PASSWORD:
        return set_temporary_password(account, by, reason)
    return None


def _mac(code: Secret) -> str:
    return codes.mac_of(code, settings.CASIER_INSTANCE.key("numen"))


def _end(account: Account, kind: InvitationKind, now: datetime) -> datetime | None:
    """When it ends; a temporary password has a time of its own, whichever is over first."""
    policy = policy_for(account.academy)
    days = policy.activation.valid_days
    if kind is InvitationKind.TEMPORARY_PASSWORD:
        temporary = policy.password.temporary_days
        days = min(days, temporary) if days else temporary
    return now + timedelta(days=days) if days else None


def _forget_tries(account: Account) -> None:
    """Whoever was held up by wrong tries begins anew; without Redis the delays just run out."""
    index = account.person.numen_index
    if index:
        limits.forget_person(redis(), index)
