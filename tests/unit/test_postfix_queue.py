"""Reading what Postfix says of its queue."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from casier.engines.postfix.queue import QueuedMessage, Waiting, parse_queue

DEFERRED = {
    "queue_name": "deferred",
    "queue_id": "3C1A02",
    "arrival_time": 1795303914,
    "message_size": 1234,
    "forced_expire": False,
    "sender": "alice@ac-un.test",
    "recipients": [
        {"address": "ami@ailleurs.example", "delay_reason": "connection refused"},
        {"address": "amie@ailleurs.example"},
    ],
}


def test_one_object_a_line() -> None:
    text = json.dumps(DEFERRED) + "\n" + json.dumps({**DEFERRED, "sender": "MAILER-DAEMON"}) + "\n"
    first, second = parse_queue(text)
    assert first == QueuedMessage(
        id="3C1A02",
        queue="deferred",
        arrived=datetime.fromtimestamp(1795303914, UTC),
        size=1234,
        sender="alice@ac-un.test",
        recipients=(
            Waiting("ami@ailleurs.example", "connection refused"),
            Waiting("amie@ailleurs.example", ""),
        ),
    )
    assert second.sender == "", "a bounce has no sender"


def test_an_empty_queue() -> None:
    assert parse_queue("") == []
