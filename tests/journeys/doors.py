"""The doors of the demo's academies, as a journey needs them.

Most journeys are about the mail behind the door: for them the doors stand wide, as an academy may have them
(no second factor, several devices at once, nothing told of new devices). A journey about the door itself puts
the shipped policy in force for as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from journeys.running import RunningInstance

ACADEMIES = ("normandie", "rouen", "nancy-metz", "amiens")
BECAUSE = ("--reason", "journey")
WIDE = (
    "second_factor.requirement=off",
    "second_factor.contexts=[]",
    "second_factor.enrolment_days=0",
    "second_factor.grace_days=0",
    "sessions.one_device=off",
    "sessions.suspend_minutes=0",
    "lock.on_unusual=ignore",
    "recovery.check_days=0",
    "app_passwords.approval=none",
)


def change(instance: RunningInstance, academy: str, *changes: str) -> None:
    """Put CHANGES (`section.field=value`) of what is in force for ACADEMY in force."""
    words = [word for one in changes for word in ("--change", one)]
    instance.casier("policy", "apply", academy, *words, *BECAUSE)


def open_wide(instance: RunningInstance) -> None:
    """Nothing between the password and the mail."""
    for academy in ACADEMIES:
        change(instance, academy, *WIDE)


@contextmanager
def shipped(instance: RunningInstance, academy: str, *changes: str) -> Iterator[None]:
    """The policy that ships for ACADEMY, with CHANGES; wide again afterwards."""
    instance.casier("policy", "apply", academy, "--set", academy, *BECAUSE)
    try:
        if changes:
            change(instance, academy, *changes)
        yield
    finally:
        if changes:  # those who come after shall not meet them
            instance.casier("policy", "apply", academy, "--set", academy, *BECAUSE)
        change(instance, academy, *WIDE)
