"""Running the outbox: claim what is due, do it, note the outcome."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from django.utils import timezone

from casier.audit import outbox
from casier.audit.outbox import Task
from casier.mailbox.consuming import TOPICS, URGENT_TOPICS, consume

log = logging.getLogger(__name__)
# Connections to the store at once: making a mailbox waits for the disk more than it computes.
CONNECTIONS = 8
AT_ONCE = 48


def converge_once(worker: str, topics: Sequence[str], pool: Executor, limit: int = AT_ONCE) -> int:
    """Do what is due of TOPICS, once; how many tasks were claimed."""
    tasks = outbox.claim(worker, timezone.now(), limit, topics)
    if tasks:
        settle(tasks, consume(tasks, pool))
    return len(tasks)


def settle(tasks: Sequence[Task], failed: dict[Task, str]) -> None:
    """Note what was done, and when to try again what was not."""
    now = timezone.now()
    outbox.finish([task for task in tasks if task not in failed], now)
    for task, reason in failed.items():
        again = outbox.postpone(task, reason, now)
        log.warning("%s %s: %s; again at %s", task.topic, task.key, reason, again.strftime("%H:%M:%S"))


def converge(worker: str = "converge") -> int:
    """Do everything that is due now, without a worker; how many tasks were done or tried."""
    done = 0
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        while claimed := converge_once(worker, (*URGENT_TOPICS, *TOPICS), pool):
            done += claimed
    return done
