"""Waking the worker through Redis. It also looks by itself: a wake that is lost costs a second, no more."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from casier.kernel.published import CHANNEL_OUTBOX, CHANNEL_PUSH

log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def client(socket: Path) -> redis.Redis:
    """A connection pool on the instance's Redis, one a process."""
    return redis.Redis(
        unix_socket_path=str(socket), socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1)
    )


def wake_worker(socket: Path, channel: str = CHANNEL_OUTBOX) -> None:
    """Tell the lanes of CHANNEL that there is something to do. Redis being down delays the effect alone."""
    try:
        client(socket).publish(channel, "1")
    except redis.RedisError as error:
        log.info("the worker was not woken (%s); it looks by itself", type(error).__name__)


def tell_browsers(socket: Path, event: str, mailbox_key: str = "") -> None:
    """Tell the open pages of MAILBOX_KEY (of everyone, when empty) that there is something to ask about.

    Redis being down means that they learn of it when they come back to us.
    """
    try:
        client(socket).publish(CHANNEL_PUSH, json.dumps({"account": mailbox_key, "type": event}))
    except redis.RedisError as error:
        log.info("no browser was told of %s (%s)", event, type(error).__name__)


def tell_of_mail(socket: Path, mailbox_key: str) -> None:
    """Tell the open pages of MAILBOX_KEY that its folders changed, where the store itself doesn't."""
    told = {"account": mailbox_key, "type": "changed", "types": ["Email", "Mailbox", "Thread"]}
    try:
        client(socket).publish(CHANNEL_PUSH, json.dumps(told))
    except redis.RedisError as error:
        log.info("no browser was told of new mail (%s)", type(error).__name__)
