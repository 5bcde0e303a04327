"""Rights on a store: what is there is compared with what is wanted, and written only where it differs."""

from __future__ import annotations

import pytest

from casier.engines.cyrus.imap import Answer
from casier.engines.cyrus.rights import OWNER_RIGHTS, rights_commands, rights_of, value_of

KEY = "ce@ac-rouen.example"
# as Cyrus 3.6 answers: c and d stand for others
ACL = f"* ACL user/{KEY} {KEY} lrswipkxtecdan jean@ac-rouen.example lrswipkxtecdn"


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("lrswipkxten", []), ("lrs", ["SETACL"]), (None, ["DELETEACL"])],
)
def test_only_what_differs_is_written(wanted: str | None, written: list[str]) -> None:
    there = rights_of(Answer("OK", "", (ACL.encode(),)))
    assert there["jean@ac-rouen.example"] == "lrswipkxten"
    members = {"jean@ac-rouen.example": wanted} if wanted else {}
    commands = list(rights_commands(f"user/{KEY}", there, {**members, KEY: OWNER_RIGHTS}))
    assert [command.split()[0] for command in commands] == written


def test_the_id_of_a_folder_is_read() -> None:
    line = (
        b'* METADATA "user/jean/Eleves@ac-rouen.example" ("/shared/vendor/cmu/cyrus-imapd/uniqueid" "a1-b2")'
    )
    assert value_of(Answer("OK", "", (line,))) == "a1-b2"
    assert value_of(Answer("OK", "", ())) == ""
