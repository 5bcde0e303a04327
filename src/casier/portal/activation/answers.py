"""What someone has answered so far, between one question and the next: sealed in the visitor's session.

A copy of Redis tells nobody's NUMEN. The answers are looked at once, all together, and forgotten.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
from typing import Final

from django.http import HttpRequest

from casier.directory.access import numen_vault
from casier.directory.numen import BadNumen
from casier.kernel.secret import Secret

KEY: Final = "activation"
SECONDS: Final = 900


def keep(request: HttpRequest, answers: dict[str, str]) -> None:
    """Remember ANSWERS, under a fresh key: a cookie from before doesn't share them."""
    text = json.dumps({**answers, "at": str(int(time.time()))})
    sealed = numen_vault().seal(Secret(text), secrets.token_bytes(12))
    request.session.cycle_key()
    request.session[KEY] = base64.b64encode(sealed).decode("ascii")


def so_far(request: HttpRequest) -> dict[str, str]:
    """What was answered in the last quarter of an hour; nothing when it was longer ago."""
    try:
        sealed = base64.b64decode(request.session.get(KEY, ""), validate=True)
        answers: dict[str, str] = json.loads(numen_vault().open(sealed).reveal())
    except (BadNumen, binascii.Error, ValueError):
        return {}
    return answers if time.time() - int(answers.pop("at", "0")) < SECONDS else {}


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
