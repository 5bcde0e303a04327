"""Which gateways there are, and whether they answer just now."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.conf import settings

from casier.directory.models import Person
from casier.identity.dispatch.gateways.configured import (
    HttpSettings,
    Telephone,
    secret_of,
    telephone,
)
from casier.identity.dispatch.gateways.http import HttpGateway
from casier.identity.dispatch.gateways.outcome import Gateway, Receipt
from casier.identity.redis_link import answering
from casier.kernel import published
from casier.kernel.instance import Instance, InstanceError

log = logging.getLogger(__name__)

# A gateway that gave no answer is left alone for so long (seconds): the next one is asked at once.
REST_SECONDS = 30
DEMO_SECONDS = 30


def configured() -> Telephone:
    """The instance's telephone settings; none where they can't be read, which the log says each time.

    A misspelt gateway must not keep everybody from signing in.
    """
    try:
        return telephone(settings.CASIER_INSTANCE)
    except InstanceError as error:
        log.error("%s", error)
        return Telephone()


def on_demonstration() -> bool:
    """Whether this instance shows the demonstration and has no gateway: then its own telephone is used."""
    return not configured().gateways and _has_demo_people(int(time.monotonic() // DEMO_SECONDS))


@lru_cache(maxsize=1)
def _has_demo_people(_period: int) -> bool:
    """Looked up once in a while: where nobody is of the demonstration, everybody is looked through."""
    return Person.objects.filter(keys__key__startswith="demo-").exists()


def forget_demonstration() -> None:
    """Look again whether there is one."""
    _has_demo_people.cache_clear()


def can_text() -> bool:
    """Whether a gateway takes text messages, and isn't known to be out of order just now."""
    return _carried("sms")


def can_speak() -> bool:
    """Whether a gateway speaks, and isn't known to be out of order just now."""
    return _carried("voice")


def offers(kind: str) -> bool:
    """Whether this instance has a gateway for KIND (`sms`, `voice`) at all, in order or not."""
    return any(getattr(one, kind) for one in configured().gateways) or on_demonstration()


def _carried(kind: str) -> bool:
    names = [one.name for one in configured().gateways if getattr(one, kind)]
    if not names:
        return on_demonstration()
    return bool(awake(names))


def awake(names: list[str]) -> list[str]:
    """Those of NAMES that aren't resting. Raises Unavailable."""
    if not names:
        return []
    with answering() as redis:
        resting = redis.mget([_key(name) for name in names])
    return [name for name, rests in zip(names, resting, strict=True) if rests is None]


def let_rest(name: str) -> None:
    """NAME gave no answer: others are asked first for a while."""
    with answering() as redis:
        redis.set(_key(name), "1", ex=REST_SECONDS)


def make_gateways(instance: Instance, receipt: Receipt) -> list[Gateway]:
    """The gateways of INSTANCE, in the order of its settings."""
    made: list[Gateway] = []
    for one in configured().gateways:
        secret = secret_of(instance, one.name)
        if isinstance(one, HttpSettings):
            made.append(HttpGateway(one, secret))
        else:
            # The library costs memory that an instance without SMPP need not pay.
            from casier.identity.dispatch.gateways.smpp import SmppGateway

            made.append(SmppGateway(one, secret, receipt))
    return made


def _key(name: str) -> str:
    return f"{published.PREFIX}gateway-rests:{name}"
