"""What each test of runs begins with: an academy, and no engines behind it."""

from __future__ import annotations

import pytest
from feed_scene import academy as make_academy

from casier.directory.models import Academy


@pytest.fixture(autouse=True)
def silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit is tried with real engines elsewhere."""
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def academy() -> Academy:
    return make_academy()
