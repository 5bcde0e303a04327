"""Keeping and reading what people chose."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from django.utils import timezone

from casier.directory.models import Account
from casier.kernel.errors import CasierError
from casier.mailbox.choices.models import Choice
from casier.mailbox.choices.sections import SECTIONS, Section

MAX_BYTES = 65_536
Kept = TypeVar("Kept", bound=Section)


class BadChoice(CasierError):
    """Not a section, or not its shape."""

    code = "bad_choice"


def save_choice(account: Account, section: str, written: bytes) -> Section:
    """Keep the section WRITTEN (JSON) whole. Raises BadChoice with where it doesn't fit."""
    shape = SECTIONS.get(section)
    if shape is None or len(written) > MAX_BYTES:
        raise BadChoice(section=section, bytes=len(written))
    try:
        value = msgspec.json.decode(written, type=shape)
    except msgspec.MsgspecError as error:
        raise BadChoice(section=section, fault=str(error)) from error
    row = {"value": msgspec.to_builtins(value), "changed_at": timezone.now()}
    Choice.objects.update_or_create(account=account, section=section, defaults=row)
    return value


def choice_of(account: Account, shape: type[Kept]) -> Kept:
    """What ACCOUNT chose in the section of SHAPE; its defaults where nothing was chosen."""
    section = next(name for name, known in SECTIONS.items() if known is shape)
    row = Choice.objects.filter(account=account, section=section).first()
    return msgspec.convert(row.value if row else {}, type=shape)


def choices_of(account: Account) -> dict[str, Any]:
    """All that ACCOUNT chose, by section, as it is written; sections never touched are left out."""
    rows = Choice.objects.filter(account=account, section__in=SECTIONS).order_by("section")
    return {row.section: row.value for row in rows}
