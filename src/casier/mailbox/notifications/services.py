"""The services themselves: making one, revoking one, recognising one by its token."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.errors import AlreadyThere, NotFound
from casier.directory.models import Academy
from casier.kernel.plain_text import plain
from casier.kernel.secret import Secret
from casier.mailbox.notifications import link, quota
from casier.mailbox.notifications.errors import BadService, BadToken
from casier.mailbox.notifications.models import Service

LONGEST_NAME = 60
PREFIX = "casier-service-"
_OCTETS = 32


@dataclass(frozen=True, slots=True)
class NewService:
    """A fresh service: the only moment at which its token can be read."""

    row: Service
    token: Secret


def create_service(
    academy: Academy, name: str, hosts: Sequence[str], *, by: Actor, reason: str, now: datetime
) -> NewService:
    """Let a service of ACADEMY notify its people. Raises BadService, AlreadyThere."""
    shown = plain(name, LONGEST_NAME)
    names = [host.strip().lower() for host in hosts]
    if not shown:
        raise BadService(f"A name of 1 to {LONGEST_NAME} characters is needed.", field="name")
    if wrong := [host for host in names if not link.is_host(host)]:
        raise BadService(f"{wrong[0]!r} is not the name of a host.", host=wrong[0])
    token = PREFIX + secrets.token_urlsafe(_OCTETS)
    with transaction.atomic():
        Academy.objects.select_for_update().get(pk=academy.pk)
        if Service.objects.filter(academy=academy, name__iexact=shown, revoked_at__isnull=True).exists():
            raise AlreadyThere(f"{academy.slug} has a service called {shown!r}.", service=shown)
        row = Service.objects.create(
            academy=academy, name=shown, hosts=names, token_digest=_digest(token), created_at=now
        )
        target = f"service:{row.id.hex}"
        record(by, "service.created", target, reason, academy=academy.slug, at=now, name=shown, hosts=names)
    return NewService(row, Secret(token))


def revoke_service(service_id: str, *, by: Actor, reason: str, now: datetime) -> Service:
    """Its token opens nothing from now on; what it told stays. Raises NotFound."""
    with transaction.atomic():
        try:
            rows = Service.objects.select_for_update(of=("self",)).select_related("academy")
            row = rows.get(pk=uuid.UUID(hex=service_id))
        except (ValueError, Service.DoesNotExist) as error:
            raise NotFound("No such service.", service=service_id) from error
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            target = f"service:{row.id.hex}"
            record(by, "service.revoked", target, reason, academy=row.academy.slug, at=now, name=row.name)
    return row


def service_with(token: str, source: str) -> Service:
    """Whose TOKEN it is. Raises BadToken; TooOften where SOURCE has tried too many that are none."""
    quota.may_try_token(source)
    # 256 bits of chance can't be guessed, so a plain hash keeps them as safe as a slow one would.
    row = (
        Service.objects.select_related("academy")
        .filter(token_digest=_digest(token), revoked_at__isnull=True)
        .first()
    )
    if row is None:
        quota.wrong_token(source)
        raise BadToken(source=source)
    return row


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
