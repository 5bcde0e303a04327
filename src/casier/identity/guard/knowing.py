"""Which browsers an account has been in with: the cookie and its row together."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from casier.directory.models import Account
from casier.identity.guard import devices
from casier.identity.guard.devices import COOKIE, KNOWN_SECONDS, Device
from casier.identity.guard.lanes import Lane
from casier.identity.guard.models import KnownDevice


def recognised(cookie: str, account: Account, now: float) -> str:
    """The id of the device that COOKIE shows, if ACCOUNT has been in with it; "" else."""
    device = devices.read(cookie, int(now)) if cookie else None
    if device is None or not device.knows(account.public_id):
        return ""
    row = KnownDevice.objects.filter(account=account, digest=device.digest).first()
    # One cookie before the newest is still good: the answer that brought the newest may have been lost.
    return device.id if row is not None and device.issued >= row.issued_before else ""


def remember(
    request: HttpRequest, response: HttpResponse, account: Account, device_id: str, label: str, source: str
) -> None:
    """Write the cookie and the row: from now on this browser is a device of ACCOUNT."""
    now = int(time.time())
    device = devices.read(request.COOKIES.get(COOKIE, ""), now)
    if device is None or (device_id and device.id != device_id):
        device = Device(device_id, 0) if device_id else Device.new()
    device = device.with_account(account.public_id, now)
    _keep(account, device, label, source, now)
    response.set_cookie(
        COOKIE, devices.written(device), max_age=KNOWN_SECONDS, secure=True, httponly=True, samesite="Lax"
    )


def _keep(account: Account, device: Device, label: str, source: str, now: int) -> None:
    at = datetime.fromtimestamp(now, UTC)
    with transaction.atomic():
        row, made = KnownDevice.objects.select_for_update().get_or_create(
            account=account,
            digest=device.digest,
            defaults={"first_at": at, "last_at": at, "issued": now, "label": label[:80], "source": source},
        )
        if not made:
            row.last_at, row.source = at, source
            row.label = label[:80] or row.label
            row.issued, row.issued_before = now, row.issued
            row.save(update_fields=["last_at", "source", "label", "issued", "issued_before"])


def device_lane(device_id: str) -> str:
    """The lane of a known device."""
    return f"{Lane.DEVICE}:{Device(device_id, 0).digest[:32]}"


def lanes_of(account: Account) -> dict[str, str]:
    """Every lane of ACCOUNT that may hold a count, with the words of its device ("" for the others)."""
    rows = KnownDevice.objects.filter(account=account).values_list("digest", "label")
    found = {f"{Lane.DEVICE}:{digest[:32]}": label for digest, label in rows}
    return {Lane.UNKNOWN.value: "", Lane.ALL.value: "", Lane.FACTOR.value: "", **found}


def id_of_browser(request: HttpRequest, now: float) -> str:
    """The id that this browser's cookie holds already, whoever came in with it; a fresh one else."""
    device = devices.read(request.COOKIES.get(COOKIE, ""), int(now))
    return (device or Device.new()).id
