"""What an academy of the demonstration hears beside its mail: an announcement, a service's notifications."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from casier.demo import data, enrol
from casier.directory.access import primary_address
from casier.directory.life import IN_USE
from casier.directory.models import Academy, Account
from casier.mailbox.announcements.actions import NewAnnouncement, announce
from casier.mailbox.announcements.models import Announcement, Level
from casier.mailbox.notifications.actions import Told, notify
from casier.mailbox.notifications.models import Service
from casier.mailbox.notifications.services import create_service

_WHY = "démonstration"


def tell(now: datetime) -> None:
    """Have what `data/telling.toml` says. What is there stays as it is, also what was withdrawn or read."""
    told = data.toml("telling.toml")
    academy = Academy.objects.get(slug=told["academy"])
    said = told["announcement"]
    if not Announcement.objects.filter(academy=academy, french=said["french"]).exists():
        ends = now + timedelta(days=said["days"])
        new = NewAnnouncement(Level(said["level"]), said["french"], said["english"], now, ends)
        announce(academy, new, by=enrol.BY, reason=_WHY, now=now)
    if not Service.objects.filter(academy=academy, name=told["service"]["name"]).exists():
        _notify(academy, told["service"], told["notification"], now)


def _notify(academy: Academy, service: dict[str, Any], note: dict[str, str], now: datetime) -> None:
    """Everyone of ACADEMY hears from a service whose token nobody keeps."""
    made = create_service(academy, service["name"], service["hosts"], by=enrol.BY, reason=_WHY, now=now)
    people = Account.objects.filter(academy=academy, state__in=sorted(IN_USE))
    for account in people.order_by("pk"):
        what = Told(primary_address(account), note["title"], note["text"], note["link"])
        notify(made.row, what, f"demo-{account.public_id}", now)
