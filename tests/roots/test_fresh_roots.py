"""From nothing to a platform on each Debian, and an instance that goes from one to the next.

The tests of this file are a story: each goes on where the one before it left the root.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from casier.boot.install import UNITS
from roots.conftest import RELEASES, Started, tell
from roots.fresh_root import INSTANCE, FreshRoot
from roots.mailboxes import RARE

pytestmark = [pytest.mark.roots, pytest.mark.timeout(1800)]
OLDER, NEWER = RELEASES
NOTE = "/root/owners.json"
# What is asked of Cyrus and its tools, whose versions differ most between the two.
OF_THE_STORE = (
    "cyrus_store",
    "deleted_mail",
    "delegations",
    "index",
    "mending",
    "provision",
    "put_off",
    "relay_cyrus",
    "transfer_untold",
)
# The store's own user reads the program where tests start it, which it can't below /root.
READABLE = "cp -a . /srv/casier && cd /srv/casier && exec ./casier test engines -- -k"
# What Debian's own services of the engines would have left: their pid files, sockets and settings.
TRACES = (
    "run/redis/redis-server.pid",
    "run/clamav/clamd.ctl",
    "run/cyrus-master.pid",
    "run/nginx.pid",
    "run/rspamd",
    "var/spool/postfix/pid/master.pid",
    "var/run/postgresql/.s.PGSQL.5432",
    "etc/postfix/main.cf",
    "usr/sbin/policy-rc.d",
)


def test_a_first_start_takes_less_than_five_minutes(started: Started) -> None:
    assert started.seconds < 300


def test_status_says_that_mail_gets_through(started: Started) -> None:
    status = json.loads(started.root.run("./casier", "status", "--json"))
    assert status["ready"] is True
    assert {part["state"] for part in status["parts"]} == {"running"}


def test_a_second_start_takes_less_than_fifteen_seconds(started: Started) -> None:
    started.root.run("./casier", "stop")
    seconds, _ = started.root.timed("./casier", "start", "--detach")
    tell(f"{started.root.release}: second start", seconds)
    assert seconds < 15


def test_the_roads_are_open_to_mail_and_closed_to_abuse(started: Started) -> None:
    seconds, said = journeys(started, "test_roads or test_clients")
    tell(f"{started.root.release}: {said} on the roads", seconds)


def test_what_was_deleted_comes_back_and_mailboxes_go_out_and_in(started: Started) -> None:
    """By the web client, down to Cyrus's own tools, which differ between the two."""
    seconds, said = journeys(started, "test_restore_transfer")
    tell(f"{started.root.release}: {said} of restoring and transfer", seconds)


def journeys(started: Started, which: str) -> tuple[float, str]:
    """Run the journeys called WHICH on the root's instance; how long they took and their last line."""
    wanted = ["journeys", "--", "-k", which, "-p", "no:cacheprovider"]
    on_it = ["env", f"CASIER_TEST_INSTANCE={INSTANCE}", "./casier", "test", *wanted]
    seconds, said = started.root.timed(*on_it)
    return seconds, said.strip().splitlines()[-1]


def test_the_rules_hold_with_this_python_and_the_engines_own_checkers(started: Started) -> None:
    seconds, said = started.root.timed("./casier", "test", "unit")
    tell(f"{started.root.release}: {said.strip().splitlines()[-1]} of rules and configurations", seconds)


def test_this_debians_store_does_what_is_asked_of_it(started: Started) -> None:
    wanted = " or ".join(f"test_{name}.py" for name in OF_THE_STORE)
    seconds, said = started.root.timed("sh", "-c", f"{READABLE} '{wanted}'")
    tell(f"{started.root.release}: {said.strip().splitlines()[-1]} of the store", seconds)


def test_a_stop_leaves_no_process_and_no_service_of_debian_was_started(started: Started) -> None:
    started.root.run("./casier", "stop")
    assert started.root.processes() == []
    assert [name for name in TRACES if (started.root.folder / name).exists()] == []


def test_no_service_of_the_engines_would_start_at_the_next_boot(started: Started) -> None:
    listed = started.root.run("systemctl", "list-unit-files", "--state=enabled", "--no-legend")
    assert "apt-daily.timer" in listed
    engines = {f"{unit}." for units in UNITS.values() for unit in units}
    assert [line for line in listed.splitlines() if line.startswith(tuple(engines))] == []


def test_an_instance_of_the_older_debian_opens_on_the_newer(start_in: Callable[[str], Started]) -> None:
    older, newer = start_in(OLDER).root, start_in(NEWER).root
    # alone, this test finds both as their first start left them
    older.run("./casier", "stop")
    newer.run("./casier", "stop")
    older.run("./casier", "start", "--detach")
    in_root(older, "furnish")
    before = photographed(older)
    assert any(folder["found"][RARE] for _, folder in folders(before))
    older.run("./casier", "stop")
    move(older, newer)
    seconds, _ = newer.timed("./casier", "start", "--detach")
    (backup,) = (newer.path(INSTANCE) / "backup").iterdir()
    after = photographed(newer)
    count = sum(len(folder["messages"]) for _, folder in folders(before))
    tell(f"{OLDER} opened on {NEWER}, after {backup.name}, {count} messages compared", seconds)
    assert count > 3000
    assert differences(before, after) == []
    assert beside(before) == beside(after)
    assert any(box.get("deleted") for box in after.values())
    newer.run("./casier", "stop")
    assert newer.processes() == []


def in_root(root: FreshRoot, what: str) -> str:
    """Run `roots/mailboxes.py` in ROOT with the project's own Python; what it printed."""
    script = f"PYTHONPATH=src:tests exec /opt/casier/env-*/bin/python -m roots.mailboxes {what} {NOTE}"
    return root.run("sh", "-c", script)


def photographed(root: FreshRoot) -> dict[str, Any]:
    return dict(json.loads(in_root(root, "photograph").splitlines()[-1]))


def move(older: FreshRoot, newer: FreshRoot) -> None:
    """Put OLDER's instance where NEWER looks for its own, with the owners' numbers that OLDER gave."""
    newer.path(INSTANCE).rename(newer.path(INSTANCE).with_name("casier-own"))
    older.path(INSTANCE).rename(newer.path(INSTANCE))
    older.path(NOTE).rename(newer.path(NOTE))


def beside(seen: dict[str, Any]) -> dict[str, Any]:
    """What each person has beside folders: what searches by JMAP find, an appointment."""
    return {who: {**box, "folders": None} for who, box in seen.items()}


def folders(seen: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every folder, named by who looked."""
    boxes = [(who, box["folders"]) for who, box in seen.items()]
    return [(f"{who}: {name}", folder) for who, box in boxes for name, folder in box.items()]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Each folder, message, flag, date or search result that is not what it was."""
    there, found = dict(folders(before)), dict(folders(after))
    listed = [f"{name}: appeared or went" for name in there.keys() ^ found.keys()]
    for name in there.keys() & found.keys():
        for what in ("uidvalidity", "found"):
            if there[name][what] != found[name][what]:
                listed.append(f"{name}: {what} {there[name][what]} became {found[name][what]}")
        was, now = there[name]["messages"], found[name]["messages"]
        listed += [
            f"{name}: message {uid} {was.get(uid)} became {now.get(uid)}"
            for uid in was.keys() | now.keys()
            if was.get(uid) != now.get(uid)
        ]
    return sorted(listed)
