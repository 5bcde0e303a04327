"""The rows of a section, as JSON knows them: few in memory at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models

from casier.directory.models import Academy, Account, FunctionalMailbox, School
from casier.privacy.copies.masking import Mask
from casier.privacy.copies.sections import Section

Row = dict[str, Any]
_CHUNK = 500
# Text of one's own, or that the person has written: addresses in it aren't anybody's secret from them.
OWN_WORDS = frozenset({
    "address", "recipients", "mail_from", "leads_to", "redirect_to", "hint", "text", "html", "subject",
    "name", "title", "value", "mailbox_key", "sender", "label", "link", "key", "digest",
})  # fmt: skip


def rows_of(section: Section, account: Account, mask: Mask) -> Iterator[Row]:
    """Each row of SECTION that is ACCOUNT's."""
    model = apps.get_model(section.label)
    wanted = account.pk
    related = [name for name in section.shown if model._meta.get_field(name).is_relation]
    rows = model._default_manager.filter(**{section.path: wanted}).order_by(section.order)
    rows = rows.select_related(*related) if related else rows
    for row in rows.iterator(chunk_size=_CHUNK):
        yield {name: _plain(row, name, section, mask) for name in section.shown}


def _plain(row: models.Model, name: str, section: Section, mask: Mask) -> Any:
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return _related(value, name in section.companions, mask)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        raise TypeError(f"{section.label}.{name} holds bytes")
    return value if name in OWN_WORDS else mask.plain(value)


def _related(value: models.Model, companion: bool, mask: Mask) -> str:
    """What another row is called."""
    if isinstance(value, Account):
        if value.public_id in mask.ids:
            return mask.words["self"]
        return value.person.full_name if companion else mask.words["account"]
    if isinstance(value, School | Academy | FunctionalMailbox):
        return str(value)
    if value._meta.label in {"links.Link", "notifications.Service"}:
        return str(getattr(value, "name", ""))
    if value._meta.label == "announcements.Announcement":
        return str(getattr(value, "english" if mask.language == "en" else "french", ""))
    return str(getattr(value, "act", ""))
