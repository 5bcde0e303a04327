"""The link to a backup address: 256 bits, kept as a hash, good once and not for long."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.names import may_enter
from casier.identity.recovery.addresses import page_address
from casier.identity.recovery.authority import note
from casier.identity.recovery.models import RecoveryLink
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

PATH = "/oubli/lien/"
KEPT = timedelta(days=30)


def make_link(account: Account, reach: str, now: datetime) -> Secret:
    """A fresh link for ACCOUNT, as an address; those before it open nothing any more."""
    token = secrets.token_urlsafe(32)
    hours = policy_for(account.academy).recovery.link_hours
    with transaction.atomic():
        revoke_all(account, now)
        RecoveryLink.objects.create(
            account=account, digest=digest_of(token), reach=reach,
            created_at=now, expires_at=now + timedelta(hours=hours),
        )  # fmt: skip
        note(Actor.system("recovery"), "link_sent", account, "", now, reach=reach)
    return Secret(page_address(account.academy, f"{PATH}{token}/"))


def use_link(token: str, source: str, now: datetime) -> RecoveryLink | None:
    """The link with TOKEN, used from now on; None when it opens nothing. Of two at once one gets it.

    A password that was set since it was sent makes it worthless: whoever set it found the way.
    """
    fresh = Q(account__user=None) | Q(account__user__password_changed_at=None)
    unchanged = fresh | Q(account__user__password_changed_at__lte=F("created_at"))
    with transaction.atomic():
        live = RecoveryLink.objects.filter(
            unchanged, digest=digest_of(token), used_at=None, revoked_at=None, expires_at__gt=now
        )
        link = live.select_related("account__academy", "account__person").first()
        if link is None or not may_enter(link.account):
            return None
        if not RecoveryLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(used_at=now):
            return None
        note(Actor.account(link.account.public_id, source), "link_used", link.account, "", now)
    return link


def revoke_all(account: Account, now: datetime) -> int:
    """No link of ACCOUNT opens anything any more; how many there were."""
    return RecoveryLink.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=now)


def forget_old(now: datetime) -> None:
    """Links that were over long ago."""
    RecoveryLink.objects.filter(expires_at__lt=now - KEPT).delete()


def digest_of(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
