"""clamd with the signatures that are shipped: the harmless test virus is found however it is wrapped."""

from __future__ import annotations

import io
import socket
import struct
import subprocess
import time
import zipfile
from collections.abc import Iterator

import pytest

from casier.engines.clamav.engine import Clamav
from casier.engines.engine import Facts, NotReady
from casier.engines.parts import part_named
from casier.engines.supervise.apply import install_all
from casier.kernel.instance import Instance
from engines.private_instance import private_instance

pytestmark = pytest.mark.engines
# Written in two halves so that a scanner that reads this file leaves it alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


@pytest.fixture(scope="module")
def clamd() -> Iterator[Instance]:
    with private_instance() as instance:
        engine = Clamav()
        engine.prepare(instance)
        install_all(instance, Facts(attachment_bytes=2_000_000), [part_named("clamav")])
        with subprocess.Popen(engine.command(instance), user="clamav", group="clamav") as process:
            wait_until_ready(engine, instance)
            yield instance
            process.terminate()


def wait_until_ready(engine: Clamav, instance: Instance) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return engine.probe(instance)
        except NotReady:
            assert time.monotonic() < until, "clamd did not answer"
            time.sleep(0.05)


def verdict(instance: Instance, data: bytes) -> str:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(instance.socket("clamav", "rspamd", "clamd.sock")))
        client.sendall(b"zINSTREAM\0" + struct.pack("!I", len(data)) + data + struct.pack("!I", 0))
        return client.makefile("rb").read().decode().rstrip("\0")


MAIL = b"From: a@a.test\r\nTo: b@b.test\r\nSubject: x\r\n\r\nbonjour\r\n%s\r\nfin\r\n"


@pytest.mark.parametrize(
    "data",
    [EICAR, EICAR + b"\r\n", MAIL % EICAR, zipped("e.com", EICAR), zipped("e.zip", zipped("e.com", EICAR))],
    ids=["plain", "crlf", "in-a-body", "zip", "nested-zip"],
)
def test_the_test_virus_is_found(clamd: Instance, data: bytes) -> None:
    assert "Casier.Test.EICAR" in verdict(clamd, data)


def test_an_ordinary_message_passes(clamd: Instance) -> None:
    assert verdict(clamd, MAIL % b"rien de particulier") == "stream: OK"


def test_what_unpacks_beyond_the_limit_is_reported(clamd: Instance) -> None:
    bomb = zipped("zeros", bytes(40_000_000))
    assert "Heuristics.Limits.Exceeded" in verdict(clamd, bomb)
