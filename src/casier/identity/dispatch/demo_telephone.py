"""The telephone of the demonstration: it keeps what real gateways would send, for `./casier demo phone`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from casier.identity.dispatch.actions import USE
from casier.identity.dispatch.models import KeptMessage, Kind
from casier.identity.dispatch.sealing import vault

_BOUND = "kept"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One message that somebody received."""

    at: datetime
    kind: str  # "mail", "sms", "voice"
    subject: str  # of a mail
    text: str


def keep(to: str, kind: Kind, text: str, subject: str = "") -> None:
    """Note what arrives at TO, an address or a number."""
    box = vault(USE)
    sealed = box.seal(json.dumps({"text": text, "subject": subject}), _BOUND)
    KeptMessage.objects.create(
        to_index=box.index(to.lower()), kind=kind, content_sealed=sealed, at=timezone.now()
    )


def received(to: str, most: int = _MOST) -> list[Kept]:
    """What arrived at TO (a number in E.164, or an address), the latest first."""
    box = vault(USE)
    rows = KeptMessage.objects.filter(to_index=box.index(to.strip().lower())).order_by("-at", "-pk")[:most]
    return [Kept(row.at, row.kind, **json.loads(box.open(bytes(row.content_sealed), _BOUND))) for row in rows]
