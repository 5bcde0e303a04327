"""Rights on a store: what is there is compared with what is wanted, and written only where it differs."""

from __future__ import annotations

import pytest

from casier.engines.cyrus.imap import Answer
from casier.engines.cyrus.store import OWNER_RIGHTS, _rights_commands, _rights_of

KEY = "ce@ac-rouen.example"
# as Cyrus 3.6 answers: c and d stand for others
ACL = f"* ACL user/{KEY} {KEY} lrswipkxtecdan jean@ac-rouen.example lrswipkxtecdn"


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("lrswipkxten", []), ("lrs", ["SETACL"]), (None, ["DELETEACL"])],
)
def test_only_what_differs_is_written(wanted: str | None, written: list[str]) -> None:
    there = _rights_of(Answer("OK", "", (ACL.encode(),)))
    assert there["jean@ac-rouen.example"] == "lrswipkxten"
    members = {"jean@ac-rouen.example": wanted} if wanted else {}
    commands = list(_rights_commands(f"user/{KEY}", there, {**members, KEY: OWNER_RIGHTS}))
    assert [command.split()[0] for command in commands] == written
