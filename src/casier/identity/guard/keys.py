"""Keys of the guard's own, derived from one secret of the instance, and what is made with them."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings


@lru_cache(maxsize=8)
def derived(purpose: str) -> bytes:
    """The key for PURPOSE; one for another is worth nothing for it."""
    return hmac.digest(settings.CASIER_INSTANCE.key("session"), f"guard:{purpose}".encode(), "sha256")


def keyed(purpose: str, text: str) -> str:
    """What Redis may know of TEXT: nobody who reads it there can try texts against it."""
    return hmac.digest(derived(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]
