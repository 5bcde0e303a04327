"""Which Cyrus holds a store's mailboxes. On one machine there is one; the directory already names several."""

from __future__ import annotations

import time
from functools import lru_cache

from django.conf import settings

from casier.edge.tokens import Tokens
from casier.engines.cyrus.store import Store
from casier.kernel.secret import Secret


@lru_cache(maxsize=16)
def store_named(_name: str) -> Store:
    """The road to a store; one pool of connections a process."""
    instance = settings.CASIER_INSTANCE
    tokens = Tokens(instance.key("token"))

    def password(user: str) -> Secret:
        return tokens.make(user, time.time())

    return Store.of(instance, password)
