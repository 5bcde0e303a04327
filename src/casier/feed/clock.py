"""The time, as a value: tests have their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, or the moment that it was set to."""

    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or timezone.now()

    def today(self) -> date:
        """The day where the platform lives."""
        return timezone.localtime(self.now()).date()
