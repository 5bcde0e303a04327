"""An account as a picture that Thunderbird for Android reads: servers, ports and the password of the device.

The format is Thunderbird's own "Export for Mobile", version 1: nested JSON arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import segno

from casier.directory.models import Account
from casier.identity.app_passwords.actions import NewAppPassword

FORMAT: Final = 1
ONE_OF_ONE: Final = (1, 1)
_IMAP = _SMTP = 0
_TLS: Final = 3
_PASSWORD: Final = 1


def settings_of(
    address: str, name: str, device: str, host: str, ports: Mapping[str, int], password: str
) -> str:
    """The settings of one mailbox, as the format has them."""
    incoming = [_IMAP, host, ports["imaps"], _TLS, _PASSWORD, address, device, password]
    outgoing = [_SMTP, host, ports["smtps"], _TLS, _PASSWORD, address, password]
    told = [FORMAT, ONE_OF_ONE, incoming, [[outgoing, [address, name]]]]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def qr_for_thunderbird(
    account: Account, address: str, host: str, ports: Mapping[str, int], made: NewAppPassword
) -> str:
    """The picture, as the address of an image. It holds the password: shown once, like it."""
    text = settings_of(address, account.person.full_name, address, host, ports, made.password.reveal())
    code = segno.make_qr(text, error="l", encoding="utf-8")
    return code.svg_data_uri(scale=4, border=3, light="#ffffff", dark="#1c2421")
