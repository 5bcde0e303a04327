"""Backup addresses and telephones: added, verified by a code, taken away. Each is one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity.dispatch.gateways.chosen import configured
from casier.identity.dispatch.hints import mask_address, mask_number
from casier.identity.dispatch.sealing import Vault, vault
from casier.identity.means.addresses import parse_backup
from casier.identity.means.codes import CodePurpose, opens
from casier.identity.means.codes import forget_old as forget_old_codes
from casier.identity.means.domains import own_domains
from casier.identity.means.errors import BadMeans, LastMeans, NoSuchMeans
from casier.identity.means.models import Code, Means, MeansKind
from casier.identity.means.telephones import parse_number
from casier.policies.api import policy_for

# Of each kind. More would be more to guard.
MOST = 2
# How long what was taken away still gets the notices: a thief can't make a change in silence.
TOLD_DAYS = 7
# What was never verified is forgotten.
UNVERIFIED_HOURS = 24


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """An address or a number that may be a means. It doesn't print."""

    kind: MeansKind
    value: str
    hint: str
    takes_text: bool = False


def read_address(text: str) -> Value:
    """What was typed as a backup address. Raises BadMeans."""
    address = parse_backup(text, own_domains())
    return Value(MeansKind.MAIL, address, mask_address(address))


def read_number(text: str) -> Value:
    """What was typed as a telephone. Raises BadMeans."""
    number = parse_number(text, configured().countries)
    return Value(MeansKind.TELEPHONE, number.e164, mask_number(number.e164), number.takes_text)


def box() -> Vault:
    """Seals and indexes the values of this room."""
    return vault("means")


def value_of(means: Means) -> str:
    """The address or number in clear, on its way into the sealed outbox."""
    return box().open(bytes(means.value_sealed), means.id.hex)


def live(account: Account) -> list[Means]:
    """What ACCOUNT has recorded, verified or not yet; addresses first, the oldest first."""
    return list(Means.objects.filter(account=account, removed_at=None).order_by("kind", "added_at"))


def verified(account: Account) -> list[Means]:
    """What counts."""
    return [means for means in live(account) if means.verified_at is not None]


def means_named(account: Account, means_id: str) -> Means:
    """One of ACCOUNT's own. Raises NoSuchMeans."""
    try:
        key = uuid.UUID(means_id)
    except ValueError as error:
        raise NoSuchMeans from error
    found = Means.objects.filter(account=account, pk=key, removed_at=None).first()
    if found is None:
        raise NoSuchMeans
    return found


def add(account: Account, value: Value, by: Actor) -> Means:
    """Record a means that doesn't count yet; the same again is the same row.

    Raises BadMeans (`too_many`). What was recorded before and never verified makes room.
    """
    now, index = timezone.now(), box().index(value.value)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        mine = Means.objects.filter(account=account, kind=value.kind, removed_at=None)
        known = mine.filter(value_index=index).first()
        if known is not None:
            return known
        mine.filter(verified_at=None).delete()
        if mine.count() >= MOST:
            raise BadMeans("too_many")
        key = uuid.uuid4()
        means = Means.objects.create(
            id=key,
            account=account,
            kind=value.kind,
            value_sealed=box().seal(value.value, key.hex),
            value_index=index,
            hint=value.hint,
            takes_text=value.takes_text,
            speaks=value.kind == MeansKind.TELEPHONE,
            added_at=now,
        )
        _record(by, "means.added", means, now)
    return means


def verify(means: Means, by: Actor) -> Means:
    """Its owner has shown the code that was sent there: it counts. Told to what was there before."""
    now = timezone.now()
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=means.account_id)
        row = Means.objects.get(pk=means.pk)
        if row.verified_at is not None or row.removed_at is not None:
            return row
        row.verified_at = row.checked_at = now
        row.save(update_fields=["verified_at", "checked_at"])
        _record(by, "means.verified", row, now)
        _tell(account, row, "added")
    return row


def verify_by_code(account: Account, challenge: str, typed: str, by: Actor) -> Means | None:
    """Verify the means whose code TYPED is; None when it isn't (the try is counted)."""
    row = opens(challenge, typed, CodePurpose.VERIFY)
    if row is None or row.means is None or row.account_id != account.pk:
        return None
    return verify(row.means, by)


def remove(account: Account, means_id: str, by: Actor, reason: str = "") -> Means:
    """Take a means away; it still gets the notices for some days. Raises NoSuchMeans, LastMeans."""
    now = timezone.now()
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        means = means_named(account, means_id)
        counts = means.verified_at is not None
        if counts and len(verified(account)) == 1 and wants_means(account):
            raise LastMeans
        if not counts:
            means.delete()
            return means
        means.removed_at, means.told_until = now, now + timedelta(days=TOLD_DAYS)
        means.save(update_fields=["removed_at", "told_until"])
        Code.objects.filter(means=means).delete()
        _record(by, "means.removed", means, now, reason)
        _tell(account, means, "removed")
    return means


def revoke_since(account: Account, since: datetime, by: Actor, reason: str) -> list[tuple[str, str]]:
    """Take away what was recorded from SINCE on, also the last one: the kind and the hint of each.

    What a thief wrote down is no way back, and isn't told of what comes. Within the caller's transaction.
    """
    now = timezone.now()
    rows = list(Means.objects.filter(account=account, removed_at=None, added_at__gte=since))
    for row in rows:
        row.removed_at = row.told_until = now
        row.save(update_fields=["removed_at", "told_until"])
        Code.objects.filter(means=row).delete()
        _record(by, "means.removed", row, now, reason)
    return [(str(row.kind), row.hint) for row in rows]


def confirm(account: Account, by: Actor) -> None:
    """The person says that what is recorded is still good."""
    now = timezone.now()
    with transaction.atomic():
        mine = Means.objects.filter(account=account, removed_at=None, verified_at__isnull=False)
        count = mine.update(checked_at=now)
        record(by, "means.confirmed", f"account:{account.public_id}", "", academy=account.academy.slug,
               at=now, count=count)  # fmt: skip


def wants_means(account: Account) -> bool:
    """Whether the policy has means recorded."""
    return policy_for(account.academy).activation.record_recovery


def told(account: Account, not_by: str = "") -> list[Means]:
    """To which means a notice goes: those that count, and those taken away lately."""
    now = timezone.now()
    rows = Means.objects.filter(account=account, verified_at__isnull=False).order_by("added_at")
    return [
        means
        for means in rows
        if means.id.hex != not_by
        and (means.removed_at is None or (means.told_until is not None and means.told_until > now))
    ]


def forget_old_means(now: datetime) -> None:
    """What was taken away and is told no more; what was never verified; codes that are long over."""
    forget_old_codes(now)
    Means.objects.filter(told_until__lt=now).delete()
    Means.objects.filter(verified_at=None, added_at__lt=now - timedelta(hours=UNVERIFIED_HOURS)).delete()


def _tell(account: Account, means: Means, change: str) -> None:
    # The history writes to the means: it stands above this room.
    from casier.identity.history.api import Notice, tell

    not_by = means.id.hex if change == "added" else ""
    tell(account, Notice.MEANS_CHANGED, {"what": means.hint, "change": change}, not_by=not_by)


def _record(by: Actor, action: str, means: Means, now: datetime, reason: str = "") -> None:
    record(
        by, action, f"account:{means.account.public_id}", reason, academy=means.account.academy.slug, at=now,
        kind=means.kind, hint=means.hint, means=means.id.hex,
    )  # fmt: skip
