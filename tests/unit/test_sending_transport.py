"""A message on its way to Postfix: what is left out, what is doubled, what each answer means."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from casier.mailbox.sending import transport
from casier.mailbox.sending.content import stuffed, without_blind_copies
from casier.mailbox.sending.jmap import NoAnswer
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unknown
from casier.mailbox.sending.transport import Envelope, Transport, xtext

HEADER = (
    b"From: a@b.fr\r\nBCC: x@y.fr,\r\n\tz@y.fr\r\nSubject: Bcc: not this\r\n one\r\nResent-Bcc : q@y.fr\r\n"
    b"X-Bcc: kept@y.fr\r\nbcc:\r\nTo: c@d.fr\r\n"
)
KEPT = b"From: a@b.fr\r\nSubject: Bcc: not this\r\n one\r\nX-Bcc: kept@y.fr\r\nTo: c@d.fr\r\n"
BODY = b"\r\nBcc: in the text@y.fr\r\n\r\nbcc: again\r\n"


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_blind_copies_stay_behind_however_the_message_is_cut(size: int) -> None:
    assert b"".join(without_blind_copies(cut(HEADER + BODY, size))) == KEPT + BODY
    assert b"".join(without_blind_copies(cut(HEADER, size))) == KEPT
    plain = (HEADER + BODY).replace(b"\r\n", b"\n")
    assert b"".join(without_blind_copies(cut(plain, size))) == (KEPT + BODY).replace(b"\r\n", b"\n")


def test_a_blind_copy_at_the_very_beginning_or_end_of_the_header_stays_behind() -> None:
    assert b"".join(without_blind_copies([b"Bcc: x@y.fr\r\nTo: a@b.fr\r\n\r\nx"])) == b"To: a@b.fr\r\n\r\nx"
    assert b"".join(without_blind_copies([b"To: a@b.fr\r\nBcc: x@y.fr\r\n z@y.fr\r\n\r\nx"])) == (
        b"To: a@b.fr\r\n\r\nx"
    )
    assert b"".join(without_blind_copies([b"To: a@b.fr\r\nBcc: x@y.fr"])) == b"To: a@b.fr\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_dots_at_the_beginning_of_lines_are_doubled(size: int) -> None:
    message = b".a\r\n.\r\n..b\r\nc.\r\n\r\n.\n.\r\nd"
    pieces = list(stuffed(cut(message, size)))
    assert b"".join(pieces) == b"..a\r\n..\r\n...b\r\nc.\r\n\r\n..\n..\r\nd\r\n.\r\n"
    assert pieces[-1] == b".\r\n"
    assert list(stuffed([b"x\r\n"])) == [b"x\r\n", b".\r\n"]
    assert list(stuffed([])) == [b".\r\n"]


def test_a_login_is_written_so_that_it_can_hold_no_other_parameter() -> None:
    assert xtext("claire.lefevre@ac-rouen.fr") == "claire.lefevre@ac-rouen.fr"
    assert xtext("a+b=c d\r\né") == "a+2Bb+3Dc+20d+0D+0A+C3+A9"


class Postfix:
    """Answers each step as it is told to, and remembers what it heard. An answer of "" hangs up."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = {
            "": "220 ready",
            "EHLO": "250 mail",
            "DATA": "354 go on",
            ".": "250 2.0.0 Ok",
        } | answers
        self.heard: list[str] = []
        self.message = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with closing(self._listening), self._listening.accept()[0] as client, client.makefile("rb") as lines:
            if not self._answer(client, ""):
                return
            for line in lines:
                text = line.decode().rstrip("\r\n")
                self.heard.append(text)
                if not self._answer(client, text.split(" ")[0]):
                    return
                if text == "DATA" and self.answers["DATA"].startswith("354"):
                    for part in iter(lines.readline, b".\r\n"):
                        if not part:
                            return
                        self.message += part
                    if not self._answer(client, "."):
                        return

    def _answer(self, client: socket.socket, step: str) -> bool:
        if step == "QUIT":
            return False
        said = self.answers.get(step, "250 2.1.0 Ok")
        if said:
            client.sendall(said.encode() + b"\r\n")
        return bool(said)

    def ended(self) -> None:
        self._thread.join(timeout=5)
        assert not self._thread.is_alive()


def hand_over(
    answers: dict[str, str], pieces: list[bytes] | None = None, to: tuple[str, ...] = ("c@d.fr", "e@f.fr")
) -> tuple[Outcome, Postfix]:
    postfix = Postfix(answers)
    content = pieces if pieces is not None else [HEADER, BODY]
    try:
        outcome = Transport(postfix.port).hand_over(
            Envelope("claire+x@b.fr", "a@b.fr", to), lambda: iter(content)
        )
    finally:
        postfix.ended()
    return outcome, postfix


def test_a_message_goes_to_all_with_the_login_and_without_its_blind_copies() -> None:
    outcome, postfix = hand_over({})
    assert outcome == Sent()
    assert postfix.heard == [
        "ehlo localhost",
        "MAIL FROM:<a@b.fr> BODY=8BITMIME AUTH=claire+2Bx@b.fr",
        "RCPT TO:<c@d.fr>",
        "RCPT TO:<e@f.fr>",
        "DATA",
        "QUIT",
    ]
    assert postfix.message == KEPT + BODY


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "."])
def test_what_postfix_refuses_is_refused_and_what_it_puts_off_is_put_off(step: str) -> None:
    outcome, postfix = hand_over({step: "554 5.7.1 Non / No [R-BDUT-HQ4G]"})
    assert isinstance(outcome, Refused)
    assert outcome.text == "554 5.7.1 Non / No [R-BDUT-HQ4G]"
    assert bool(postfix.message) == (step == ".")
    outcome, _ = hand_over({step: "451 4.7.1 later"})
    assert outcome == Later("451 4.7.1 later")


@pytest.mark.parametrize("step", ["", "ehlo", "MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_last_dot_has_sent_nothing(step: str) -> None:
    assert isinstance(hand_over({step: ""})[0], Later)


def test_a_connection_that_breaks_after_the_last_dot_leaves_it_open() -> None:
    assert isinstance(hand_over({".": ""})[0], Unknown)


def test_a_greeting_that_puts_off_is_obeyed() -> None:
    assert isinstance(hand_over({"": "421 busy", "QUIT": ""})[0], Later)


def test_nobody_listening_is_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    outcome = Transport(port).hand_over(Envelope("k", "a@b.fr", ("c@d.fr",)), lambda: iter([b""]))
    assert isinstance(outcome, Later)


def test_nobody_to_send_to_is_refused_before_anything_is_said() -> None:
    outcome, postfix = hand_over({}, to=())
    assert outcome == Refused("noRecipients")
    assert not [line for line in postfix.heard if line.startswith("MAIL")]


def test_a_store_that_fails_in_the_middle_leaves_no_message_behind() -> None:
    def failing() -> Iterator[bytes]:
        yield HEADER
        yield BODY
        raise NoAnswer(cause="cut")

    postfix = Postfix({})
    with pytest.raises(NoAnswer):
        Transport(postfix.port).hand_over(Envelope("k", "a@b.fr", ("c@d.fr",)), failing)
    postfix.ended()
    assert postfix.heard[-1] == "DATA"


def test_postfix_is_waited_for_longer_than_it_waits_for_the_scanners() -> None:
    assert transport.ANSWER_SECONDS > 180
