from __future__ import annotations

from pathlib import Path

import pytest

from casier.engines.cyrus.agent import BadRequest, answer, command
from casier.kernel.instance import Instance

CONFIG = Path("/etc/imapd.conf")


def test_cut_denies_imap_alone_and_restore_allows_again() -> None:
    cut = command({"do": "cut", "mailbox": "a.b@ac-rouen.fr"}, CONFIG)
    assert cut[1:] == ["-C", str(CONFIG), "-s", "imap", "-m", "suspended", "a.b@ac-rouen.fr"]
    restore = command({"do": "restore", "mailbox": "a.b@ac-rouen.fr"}, CONFIG)
    assert restore[1:] == ["-C", str(CONFIG), "-a", "a.b@ac-rouen.fr"]


def test_mend_counts_one_mailbox_anew() -> None:
    mend = command({"do": "mend", "mailbox": "a.b@ac-rouen.fr"}, CONFIG)
    assert mend == ["/usr/lib/cyrus/bin/ctl_conversationsdb", "-C", str(CONFIG), "-R", "a.b@ac-rouen.fr"]


@pytest.mark.parametrize(
    "request_",
    [
        None,
        [],
        {},
        {"do": "cut"},
        {"do": "cut", "mailbox": ""},
        {"do": "cut", "mailbox": "-a"},
        {"do": "cut", "mailbox": "a b@c"},
        {"do": "cut", "mailbox": "../x"},
        {"do": "cut", "mailbox": "a\n"},
        {"do": "cut", "mailbox": 3},
        {"do": "mend", "mailbox": "-r"},
        {"do": "delete", "mailbox": "a@b"},
    ],
)
def test_anything_else_is_refused(request_: object) -> None:
    with pytest.raises(BadRequest):
        command(request_, CONFIG)


def test_a_line_that_is_no_json_gets_an_answer() -> None:
    assert answer(b"cut everybody\n", Instance(Path("/nowhere")))["ok"] is False
