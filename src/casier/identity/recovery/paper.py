"""The secured letter on paper: for a window envelope, folded in three, the code inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from casier.directory.models import Academy, Account
from casier.identity.paper.api import pdf, qr_svg
from casier.identity.recovery.addresses import page_address
from casier.kernel.secret import Secret

PAGE = "/oubli/lettre/"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter: to whom, where, with what code, until when."""

    account: Account
    address: tuple[str, ...]
    code: Secret
    until: datetime
    resets_factors: bool


def printed(sheets: Sequence[Sheet], academy: Academy) -> bytes:
    """SHEETS as one PDF."""
    facts = {"letters": [_facts(sheet) for sheet in sheets]}
    return pdf("recovery/letter.html", facts, academy)


def _facts(sheet: Sheet) -> dict[str, object]:
    person, page = sheet.account.person, page_address(sheet.account.academy, PAGE)
    return {
        "name": " ".join(part for part in (person.title, person.full_name) if part),
        "address": sheet.address,
        "code": sheet.code.reveal(),
        "until": timezone.localtime(sheet.until),
        "today": timezone.localdate(),
        "page": page,
        "qr": qr_svg(page),
        "resets_factors": sheet.resets_factors,
        "academy": sheet.account.academy,
    }
