"""What can be done to the factors of an account: with author, fact, and word to the person."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity.factors import deciding, facts, paper, totp, trust
from casier.identity.factors.models import (
    EnrolmentClock,
    Factor,
    RecoveryCode,
    Telephone,
    Totp,
    WebAuthnKey,
)
from casier.identity.factors.required import second_factor_of
from casier.identity.factors.vault import vault
from casier.identity.factors.webauthn import NewKey
from casier.identity.history.api import Notice, tell
from casier.identity.means.api import Reach
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

# More than anyone carries; a list without end would be one that nobody looks through.
MOST_FACTORS = 10
PAPER = "recovery code"
LONGEST_NAME = 80


class Kind(StrEnum):
    """What can be enrolled, as pages and the journal call it."""

    TOTP = "application"
    KEY = "cle"
    TELEPHONE = "telephone"


MODELS: dict[Kind, type[Totp] | type[WebAuthnKey] | type[Telephone]] = {
    Kind.TOTP: Totp,
    Kind.KEY: WebAuthnKey,
    Kind.TELEPHONE: Telephone,
}


# A telephone is called by its number, which is shown masked.
RENAMED = frozenset({Kind.TOTP, Kind.KEY})


class WrongCode(CasierError):
    """Not the code that the application shows now."""

    code = "wrong_code"


class TooManyFactors(CasierError):
    """As many as anyone may have."""

    code = "too_many_factors"


class AlreadyEnrolled(CasierError):
    """This key or telephone is enrolled, here or elsewhere."""

    code = "already_enrolled"


class LastFactor(CasierError):
    """The policy wants a second factor, and this is the last one."""

    code = "last_factor"


class NoName(CasierError):
    """Nothing in it that can be read."""

    code = "no_name"


class NameTaken(CasierError):
    """Another factor of the account is called so."""

    code = "name_taken"


class NoSuchFactor(CasierError):
    """Not one of this account."""

    code = "no_such_factor"


def enrol_totp(account: Account, name: str, secret: Secret, typed: str, by: Actor, now: datetime) -> Totp:
    """Keep an application once it has shown that it knows SECRET. Raises WrongCode, TooManyFactors.

    The code that confirms is used up: it opens nothing afterwards.
    """
    counter = totp.counter_of(secret, typed, now.timestamp())
    if not counter:
        raise WrongCode
    with transaction.atomic():
        _room_for_one(account)
        row = Totp.objects.create(
            account=account,
            name=clean_name(name),
            secret_sealed=vault().seal(secret, account.public_id),
            last_counter=counter,
            created_at=now,
        )
        _added(account, Kind.TOTP, row, by)
    return row


def enrol_key(account: Account, name: str, new: NewKey, by: Actor, now: datetime) -> WebAuthnKey:
    """Keep a key that WebAuthn has proved. Raises AlreadyEnrolled, TooManyFactors."""
    try:
        with transaction.atomic():
            _room_for_one(account)
            row = WebAuthnKey.objects.create(
                account=account,
                name=clean_name(name),
                credential_id=new.credential_id,
                credential=new.credential,
                aaguid=new.aaguid,
                sign_count=new.sign_count,
                transports=list(new.transports),
                is_passkey=new.is_passkey,
                is_backed_up=new.is_backed_up,
                created_at=now,
            )
            _added(account, Kind.KEY, row, by)
    except IntegrityError as error:
        raise AlreadyEnrolled from error
    return row


def enrol_telephone(account: Account, reach: Reach, by: Actor, now: datetime) -> Telephone:
    """Take codes on a verified telephone, once one has come back. Raises AlreadyEnrolled, TooManyFactors."""
    try:
        with transaction.atomic():
            _room_for_one(account)
            row = Telephone.objects.create(
                account=account, name=clean_name(reach.hint), means_id=reach.id, created_at=now
            )
            _added(account, Kind.TELEPHONE, row, by)
    except IntegrityError as error:
        raise AlreadyEnrolled from error
    return row


def renew_codes(account: Account, by: Actor, now: datetime) -> list[Secret]:
    """Ten fresh recovery codes; those from before open nothing any more. The only time they can be read."""
    codes = paper.generate()
    with transaction.atomic():
        _locked(account)
        RecoveryCode.objects.filter(account=account).delete()
        macs = [vault().mac(code, account.public_id, PAPER) for code in codes]
        RecoveryCode.objects.bulk_create(
            [RecoveryCode(account=account, mac=mac, created_at=now) for mac in macs]
        )
        _note(account, "identity.recovery_codes_made", by)
        tell(account, Notice.FACTOR_ADDED, {"method": "recovery_codes", "name": ""})
    return codes


def remove(account: Account, kind: Kind, factor_id: uuid.UUID, by: Actor, now: datetime) -> Factor:
    """Give up one factor. Raises NoSuchFactor, LastFactor: what is required isn't given up."""
    with transaction.atomic():
        _locked(account)
        row = MODELS[kind].objects.filter(account=account, id=factor_id).first()
        if row is None:
            raise NoSuchFactor(id=factor_id.hex)
        policy = policy_for(account.academy)
        had = facts.usable(account, policy)
        row.delete()
        if had and not facts.usable(account, policy) and deciding.needed(second_factor_of(account)):
            raise LastFactor
        _left_alone(account, now)
        _note(account, "identity.factor_removed", by, kind=kind.value, name=row.name)
        tell(account, Notice.FACTOR_REMOVED, {"method": _method(kind, row), "name": row.name})
    return row


def rename(account: Account, kind: Kind, factor_id: uuid.UUID, name: str, by: Actor) -> Factor:
    """Call one factor otherwise. Raises NoSuchFactor, NoName, NameTaken.

    It changes nothing about who comes in, so no fresh proof is asked and nobody is written to; what it was
    called before stands in the journal. No name twice: a key must not pass for another one in the list.
    """
    with transaction.atomic():
        _locked(account)
        row = MODELS[kind].objects.filter(account=account, id=factor_id).first()
        if row is None or kind not in RENAMED:
            raise NoSuchFactor(id=factor_id.hex)
        called, before = clean_name(name), row.name
        if not called:
            raise NoName
        others = {one.name.casefold() for one in enrolled(account) if one.id != row.id}
        if called.casefold() in others:
            raise NameTaken
        if called != before:
            row.name = called
            row.save(update_fields=["name"])
            _note(account, "identity.factor_renamed", by, kind=kind.value, name=called, before=before)
    return row


def enrolled(account: Account) -> list[Factor]:
    """Every factor of ACCOUNT but the codes on paper, by kind, the oldest first."""
    return [
        row for kind in MODELS for row in MODELS[kind].objects.filter(account=account).order_by("created_at")
    ]


def reset(account: Account, by: Actor, reason: str, now: datetime) -> int:
    """Forget every factor of ACCOUNT, as the help desk does after it knows who asks. How many there were.

    What the policy requires is enrolled anew at the next sign-in.
    """
    with transaction.atomic():
        _locked(account)
        count = sum(model.objects.filter(account=account).delete()[0] for model in MODELS.values())
        _left_alone(account, now)
        _note(account, "identity.factors_reset", by, reason)
        tell(account, Notice.FACTOR_REMOVED, {"method": "all", "name": ""})
    return count


def revoke_since(account: Account, since: datetime, by: Actor, reason: str) -> list[tuple[str, str]]:
    """Take away what was enrolled from SINCE on, also the last one: the method and the name of each.

    Within the caller's transaction; the caller tells the person, of this and all else that it does.
    """
    mine: dict[str, Any] = {"account": account, "created_at__gte": since}
    taken = []
    for kind, model in MODELS.items():
        for row in model.objects.filter(**mine):
            _note(account, "identity.factor_removed", by, reason, kind=kind.value, name=row.name)
            row.delete()
            taken.append((_METHODS[kind], row.name))
    if RecoveryCode.objects.filter(**mine).delete()[0]:
        _note(account, "identity.factor_removed", by, reason, kind="recovery_codes")
        taken.append(("recovery_codes", ""))
    return taken


_METHODS = {Kind.TOTP: "totp", Kind.KEY: "webauthn", Kind.TELEPHONE: "sms"}


def start_clock(account: Account, now: datetime) -> EnrolmentClock:
    """From when on the days until the deadline count: the first sign-in at which one is asked to enrol."""
    return EnrolmentClock.objects.get_or_create(account=account, defaults={"began_at": now})[0]


def put_off(account: Account, now: datetime) -> None:
    """The person enrols later."""
    start_clock(account, now)
    EnrolmentClock.objects.filter(account=account).update(put_off_at=now)


def _left_alone(account: Account, now: datetime) -> None:
    """Codes on paper and trust in devices stand in for a factor: without one they are worth nothing."""
    if not facts.enrolled(account) - {"recovery_codes"}:
        RecoveryCode.objects.filter(account=account).delete()
        trust.end_trust(account, now)


def _room_for_one(account: Account) -> None:
    _locked(account)
    if sum(model.objects.filter(account=account).count() for model in MODELS.values()) >= MOST_FACTORS:
        raise TooManyFactors(most=MOST_FACTORS)


def _locked(account: Account) -> None:
    """One change of an account's factors at a time."""
    Account.objects.select_for_update().get(pk=account.pk)


def clean_name(name: str) -> str:
    """NAME on one line, without signs that can't be seen: they turn or hide what stands beside them."""
    seen = "".join(sign for sign in name if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[:LONGEST_NAME].strip()


def _added(account: Account, kind: Kind, row: Factor, by: Actor) -> None:
    _note(account, "identity.factor_added", by, kind=kind.value, name=row.name)
    tell(account, Notice.FACTOR_ADDED, {"method": _method(kind, row), "name": row.name})


def _method(kind: Kind, row: Factor) -> str:
    """What the person is told it is."""
    return "passkey" if isinstance(row, WebAuthnKey) and row.is_passkey else kind.value


def _note(account: Account, action: str, by: Actor, reason: str = "", **more: Any) -> None:
    record(by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, **more)
