"""An instance whose files have another machine's numbers is given to this machine's users."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest

from casier.boot import owners
from casier.kernel.instance import Instance
from engines.private_instance import private_instance

pytestmark = pytest.mark.engines
ELSEWHERE = 70_000
REDIS = pwd.getpwnam("redis").pw_uid


@pytest.fixture
def moved() -> Iterator[Instance]:
    """Numbers of elsewhere, one of them that of another user here; root's files are root's everywhere."""
    with private_instance() as instance:
        spool = instance.data / "cyrus" / "spool" / "a" / "b"
        queue = instance.data / "postfix" / "queue"
        for folder in (spool, queue / "maildrop", queue / "incoming", instance.data / "redis"):
            folder.mkdir(parents=True)
        (spool / "1.").write_text("a message")
        (spool / "link").symlink_to("/etc/hostname")
        (queue / "incoming" / "letter").write_text("a letter")
        (instance.data / "cyrus" / "of-root").write_text("root's")
        for path in (*spool.parents[2].rglob("*"), spool.parents[2]):
            if path.name != "of-root":
                os.chown(path, REDIS, ELSEWHERE, follow_symlinks=False)
        for path in queue.rglob("*"):
            os.chown(path, ELSEWHERE, ELSEWHERE)
        yield instance


def owner(path: Path) -> tuple[str, str]:
    return path.owner(), path.group()


def test_each_file_is_given_to_its_user_and_root_keeps_its_own(moved: Instance) -> None:
    of_machine = Path("/etc/hostname").stat()
    assert owners.take_over(moved.root) > 8
    data = moved.data
    assert owner(data / "cyrus" / "spool" / "a" / "b" / "1.") == ("cyrus", "mail")
    assert owner(data / "cyrus" / "spool") == ("cyrus", "mail")
    assert owner(data / "cyrus" / "of-root") == ("root", "root")
    assert owner(data / "postfix" / "queue" / "incoming" / "letter") == ("postfix", "postfix")
    assert owner(data / "postfix" / "queue" / "maildrop") == ("postfix", "postdrop")
    assert Path("/etc/hostname").stat().st_uid == of_machine.st_uid


def test_nothing_is_done_where_everything_is_at_home(moved: Instance) -> None:
    owners.take_over(moved.root)
    assert owners.take_over(moved.root) == 0


def test_what_was_killed_half_way_is_done_again(moved: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    left, chown = [4], os.chown

    def killed_soon(*arguments: object, **named: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        chown(*arguments, **named)

    monkeypatch.setattr(os, "chown", killed_soon)
    with pytest.raises(KeyboardInterrupt):
        owners.take_over(moved.root)
    monkeypatch.undo()
    assert owners.take_over(moved.root) > 0
    assert owner(moved.data / "cyrus" / "spool" / "a" / "b" / "1.") == ("cyrus", "mail")
