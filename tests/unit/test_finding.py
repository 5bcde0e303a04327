"""Since when a search may miss messages: the indexer's files, and what is said of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from casier.engines.cyrus.indexing import waiting_since
from casier.engines.cyrus.store import Store
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.mailbox.finding import missing_since

NOW = 1_795_000_000.0


class Told:
    """A store whose agent says ANSWER, or that doesn't answer."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        self.answer = answer

    def ask_agent(self, request: dict[str, Any]) -> dict[str, Any]:
        assert request == {"do": "indexing"}
        if self.answer is None:
            raise Unavailable("agent: gone", part="agent")
        return self.answer


@pytest.mark.parametrize(
    ("answer", "since"),
    [
        ({"ok": True, "since": NOW - 300}, datetime.fromtimestamp(NOW - 300, UTC)),
        ({"ok": True, "since": NOW - 20}, None),
        ({"ok": True, "since": None}, None),
        ({"ok": True}, None),
        (None, None),
    ],
)
def test_only_what_waits_for_long_is_told(answer: dict[str, Any] | None, since: datetime | None) -> None:
    assert missing_since(cast("Store", Told(answer)), NOW) == since


def test_the_oldest_of_what_waits_and_what_is_in_hand_counts(tmp_path: Any) -> None:
    instance = Instance(tmp_path)
    folder = instance.data / "cyrus" / "config" / "sync" / "squatter"
    assert waiting_since(instance) is None, "nothing was ever noted"
    folder.mkdir(parents=True)
    began = time.time()
    (folder / "log").write_text("APPEND a\n")
    (folder / "log").rename(folder / "log-run")
    with (folder / "log").open("a") as log:
        log.write("APPEND b\n")
    since = waiting_since(instance)
    assert since is not None
    assert began - 2 < since < time.time() + 2
