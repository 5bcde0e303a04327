"""Server-sent events as bytes (HTML standard, "Server-sent events")."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

BEAT = b": \n\n"


def event(name: str, data: Any) -> bytes:
    """One event. JSON holds no line end, so the data is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


READY = event("ready", {})


def changed(account: str, types: Iterable[str]) -> bytes:
    """Something changed in ACCOUNT."""
    return event("changed", {"account": account, "types": sorted(types)})


def signed_out(reason: str) -> bytes:
    """The session is over; the stream ends after this."""
    return event("signed-out", {"reason": reason})
