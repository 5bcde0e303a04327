"""What the store can't do at the moment is asked again, a few times; what it won't have is told at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from casier.engines.cyrus.imap import TROUBLE_WAITS, ImapConnection, StoreRefused, StoreTroubled
from casier.kernel.secret import Secret

TROUBLE, REFUSAL, TAKEN = (
    b"NO System I/O error",
    b"NO [OVERQUOTA] Over quota",
    b"OK [APPENDUID 1 7] Completed",
)
APPEND = b'APPEND "INBOX" {2+}\r\nhi'


@contextmanager
def store(*answers: bytes) -> Iterator[ImapConnection]:
    """A connection to a store that lets everybody in, then says ANSWERS to one APPEND after the other."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = server.accept()
        with client, client.makefile("rwb") as file:
            for said in (b"* OK", b"OK Welcome", *answers):
                if said == b"* OK":
                    answer = said
                else:
                    tag = file.readline().split()[0]
                    answer = tag + b" " + said
                    if b"Welcome" not in said:
                        file.readline()  # the message
                file.write(answer + b"\r\n")
                file.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server, ImapConnection("127.0.0.1", server.getsockname()[1], "a@b.fr", Secret("x")) as connection:
        yield connection
    thread.join(10)


def tried(connection: ImapConnection) -> tuple[str, Sequence[float]]:
    """What one APPEND came to, and the seconds that were waited for it."""
    waited: list[float] = []
    try:
        return connection.run_patiently(APPEND, waited.append).text, waited
    except StoreRefused as error:
        return type(error).__name__, waited


def test_a_trouble_that_passes_is_waited_for() -> None:
    with store(TROUBLE, TROUBLE, TAKEN) as connection:
        said, waited = tried(connection)
    assert said.startswith("[APPENDUID")
    assert list(waited) == list(TROUBLE_WAITS[:2])


def test_one_that_lasts_is_told_and_what_follows_is_not_waited_for_until_one_was_taken() -> None:
    lasting = [TROUBLE] * (len(TROUBLE_WAITS) + 1)
    with store(*lasting, TROUBLE, TAKEN, TROUBLE, TAKEN) as connection:
        assert tried(connection) == ("StoreTroubled", list(TROUBLE_WAITS))
        assert tried(connection) == ("StoreTroubled", [])
        assert tried(connection)[1] == []
        assert tried(connection)[1] == [TROUBLE_WAITS[0]]


@pytest.mark.parametrize("said", [REFUSAL, b"NO [TRYCREATE] Mailbox does not exist", b"BAD System I/O error"])
def test_what_it_will_not_have_is_told_at_once(said: bytes) -> None:
    with store(said) as connection, pytest.raises(StoreRefused) as caught:
        connection.run_patiently(APPEND, lambda _seconds: pytest.fail("nothing to wait for"))
    assert not isinstance(caught.value, StoreTroubled)
    assert caught.value.reference.startswith("R-")
