"""Trusted devices: a browser that showed a second factor isn't asked again for a time."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity.factors.models import TrustedDevice
from casier.identity.factors.vault import vault
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

COOKIE_PREFIX = "__Host-casier-confiance-"
_USE = "trusted device"


def cookie_name(account: Account) -> str:
    """The cookie of ACCOUNT's trust: people who share a browser at home don't share a proof."""
    return COOKIE_PREFIX + vault().mac(Secret("cookie"), account.public_id, _USE)[:12]


def trust(account: Account, name: str, now: datetime, by: Actor) -> tuple[Secret, TrustedDevice] | None:
    """Trust this browser; the token for its cookie. None where the policy trusts none."""
    days = policy_for(account.academy).second_factor.trusted_days
    if not days:
        return None
    token = Secret(secrets.token_urlsafe(32))
    with transaction.atomic():
        device = TrustedDevice.objects.create(
            account=account,
            mac=_mac(account, token),
            name=name[:80],
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        record(
            by, "identity.device_trusted", f"account:{account.public_id}", "",
            academy=account.academy.slug, device=device.id.hex, name=device.name,
        )  # fmt: skip
    return token, device


def is_trusted(account: Account, token: str, now: datetime) -> bool:
    """Whether TOKEN is that of a browser that ACCOUNT trusts, under the policy of now."""
    days = policy_for(account.academy).second_factor.trusted_days
    if not token or not days:
        return False
    found = live(account, now).filter(mac=_mac(account, Secret(token)))
    return bool(found.filter(created_at__gt=now - timedelta(days=days)).update(used_at=now))


def live(account: Account, now: datetime) -> QuerySet[TrustedDevice]:
    """The devices that ACCOUNT trusts now, the newest first."""
    rows = TrustedDevice.objects.filter(account=account, ended_at__isnull=True, expires_at__gt=now)
    return rows.order_by("-created_at")


def end_trust(account: Account, now: datetime, only: str = "") -> int:
    """Trust no device of ACCOUNT any more (or not the one with the id ONLY). How many were."""
    rows = TrustedDevice.objects.filter(account=account, ended_at__isnull=True)
    return (rows.filter(id=only) if only else rows).update(ended_at=now)


def _mac(account: Account, token: Secret) -> str:
    return vault().mac(token, account.public_id, _USE)


def forget(account: Account, now: datetime, by: Actor, only: str = "") -> int:
    """The person ends the trust in their devices, or in ONLY one. How many were trusted."""
    with transaction.atomic():
        ended = end_trust(account, now, only)
        if ended:
            target = f"account:{account.public_id}"
            record(by, "identity.trust_ended", target, "", academy=account.academy.slug, devices=ended)
    return ended


def id_of(account: Account, token: str, now: datetime) -> uuid.UUID | None:
    """The row of the browser with this TOKEN, for marking it in the list."""
    if not token:
        return None
    return live(account, now).filter(mac=_mac(account, Secret(token))).values_list("id", flat=True).first()
