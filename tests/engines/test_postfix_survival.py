"""What happens to mail when Postfix is killed or its disk is full: nothing that was taken is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import smtplib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from casier.engines.postfix.engine import flush, queue
from engines.roads_mail import plain, subject
from engines.roads_rig import BOB, OUTSIDER, Rig, Store
from waiting import wait_until

pytestmark = pytest.mark.engines
MESSAGES = 80


def children(pid: int) -> list[int]:
    """PID and all processes below it."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for one in found:
        found += [child for child, parent in pairs if parent == one]
    return found


def kill_hard(rig: Rig, name: str, all_at_once: bool) -> None:
    """As a power failure does it, or as an operator who kills the first process that he sees."""
    process = rig.processes.pop(name)
    for pid in children(process.pid) if all_at_once else [process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(30)


@pytest.mark.parametrize("all_at_once", [True, False], ids=["all", "master"])
def test_what_was_taken_before_a_kill_arrives(rig: Rig, store: Store, all_at_once: bool) -> None:
    taken: list[str] = []
    halfway = threading.Event()

    def write() -> None:
        for number in range(MESSAGES):
            title = subject()
            with contextlib.suppress(smtplib.SMTPException, OSError), rig.public() as smtp:
                smtp.sendmail(OUTSIDER, [BOB], plain("public", title))
                taken.append(title)
            if number == MESSAGES // 2:
                halfway.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert halfway.wait(120)
    kill_hard(rig, "postfix", all_at_once)
    # The supervisor's prelude ends orphans before a restart; here they end when they miss their master.
    rig.start("postfix")
    writer.join(120)
    flush(rig.instance)
    wait_until("all that was taken to arrive", lambda: all(store.with_subject(title) for title in taken), 90)
    wait_until("the queue to be empty", lambda: not queue(rig.instance))
    assert len(taken) >= MESSAGES // 2


@pytest.fixture
def small_disk(rig: Rig) -> Iterator[Path]:
    """The queue on a disk of its own, with room for little."""
    folder = rig.instance.data / "postfix" / "queue"
    rig.stop("postfix")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", str(folder)], check=True)
    rig.start("postfix")
    try:
        yield folder
    finally:
        rig.stop("postfix")
        subprocess.run(["umount", "-l", str(folder)], check=True)
        rig.start("postfix")


def test_a_full_disk_puts_mail_off(rig: Rig, store: Store, small_disk: Path) -> None:
    before, after, between = subject(), subject(), subject()
    with rig.public() as smtp:
        smtp.sendmail(OUTSIDER, [BOB], plain("public", before))
    store.arrived(before)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(40_000_000))
    with rig.public() as smtp:
        smtp.ehlo()
        code, text = smtp.mail(OUTSIDER)
        assert (code, b"4.3.1" in text) == (452, True)
    with contextlib.suppress(OSError), filler.open("ab") as file:
        while True:
            file.write(bytes(100_000))
    with rig.public() as smtp, pytest.raises(smtplib.SMTPResponseException) as delay:
        smtp.sendmail(OUTSIDER, [BOB], plain("public", between))
    assert 400 <= delay.value.smtp_code < 500
    filler.unlink()
    with rig.public() as smtp:
        smtp.sendmail(OUTSIDER, [BOB], plain("public", after))
    store.arrived(after)
    assert not store.with_subject(between)


def test_mail_waits_for_a_store_that_is_down(rig: Rig, store: Store) -> None:
    title = subject()
    path = rig.instance.socket("cyrus", "postfix", "lmtp.sock")
    away = path.with_name("away")
    path.rename(away)
    try:
        with rig.public() as smtp:
            smtp.sendmail(OUTSIDER, [BOB], plain("public", title))
        waiting = wait_until(
            "it to wait", lambda: [one for one in queue(rig.instance) if one.recipients[0].reason]
        )
        assert "lmtp.sock" in waiting[0].recipients[0].reason
    finally:
        away.rename(path)
    flush(rig.instance)
    store.arrived(title)
    wait_until("the queue to be empty", lambda: not queue(rig.instance))
