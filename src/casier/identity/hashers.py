"""How passwords are hashed at rest."""

from __future__ import annotations

import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

# Argon2id with 19 MiB, three passes, one lane: one pass more than OWASP's minimum (19 MiB, t=2, p=1).
# Measured on a 2-core virtual machine of 2026, CPU a hash: OWASP's minimum 24 ms, this 31 ms,
# 64 MiB and two passes 109 ms, Django's default (100 MiB, t=2, p=8) 185 ms. At 31 ms two cores check 60
# passwords a second, which is the morning of a large academy; at 185 ms they would check ten.
MEMORY_KIB = 19_456
PASSES = 3
LANES = 1

# Two at once: more would only wait for the cores. Threads of their own, so that each keeps the 19 MiB that it
# needs again and again (`boot.web.keep_hashing_memory`): fetching them anew costs a third of the hash.
_HASHING = ThreadPoolExecutor(2, thread_name_prefix="argon2")


class Argon2id(Argon2PasswordHasher):
    """Django's Argon2id hasher with parameters of ours. A hash with others is renewed at the next sign-in."""

    memory_cost = MEMORY_KIB
    time_cost = PASSES
    parallelism = LANES


def one_form(password: str) -> str:
    """PASSWORD in composed form: keyboards write the same accent in two ways (SP 800-63B-4 §3.1.1.2)."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def no_password() -> str:
    """A hash that no password opens: checking against it takes the time of a real check."""
    return make_password(secrets.token_urlsafe(32), hasher="argon2")


def matches(password: str, encoded: str) -> tuple[bool, bool]:
    """Whether PASSWORD opens ENCODED, and whether the hash should be renewed with today's parameters."""
    renew: list[str] = []
    checked = _HASHING.submit(check_password, one_form(password), encoded, setter=renew.append)
    return checked.result(), bool(renew)


def hashed(password: str) -> str:
    """PASSWORD as it is stored."""
    return _HASHING.submit(make_password, one_form(password), hasher="argon2").result()
