"""A contributor's own address and telephone: sealed, each bound to its row, until the account is open."""

from __future__ import annotations

from casier.contributors.models import Request, Stay
from casier.identity.dispatch.sealing import vault

USE = "contributors"


def seal(row: Request | Stay, mail: str, telephone: str) -> None:
    """Keep them in ROW, which the caller saves; "" for none."""
    row.mail_sealed = vault(USE).seal(mail, f"{row.id.hex}:mail") if mail else None
    row.telephone_sealed = vault(USE).seal(telephone, f"{row.id.hex}:telephone") if telephone else None


def opened(row: Request | Stay) -> tuple[str, str]:
    """The address and the telephone in clear; "" for none."""
    mail = vault(USE).open(bytes(row.mail_sealed), f"{row.id.hex}:mail") if row.mail_sealed else ""
    sealed = row.telephone_sealed
    return mail, vault(USE).open(bytes(sealed), f"{row.id.hex}:telephone") if sealed else ""


SEALED = ("mail_sealed", "telephone_sealed", "hint")


def forget(row: Request | Stay) -> None:
    """Nothing of them is left in ROW, which the caller saves (`SEALED`)."""
    row.mail_sealed, row.telephone_sealed, row.hint = None, None, ""
