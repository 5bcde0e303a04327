"""Handing a message to Postfix on a person's behalf (`Port.POSTFIX_JMAP`), as the store does for JMAP.

Postfix asks the edge about the login in `AUTH=`, and Rspamd looks at what the message says and holds: nothing
is decided here. What went wrong before the last dot has certainly not left; after it only the answer tells.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from casier.mailbox.sending.content import stuffed, without_blind_copies
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unknown

# Longer than Postfix waits for the scanners (`milter_content_timeout`).
ANSWER_SECONDS = 200
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")
_READY, _GO_AHEAD, _DONE = 220, 354, 250
_SMTP_FAILURES = (OSError, smtplib.SMTPException)

# Opens the message; asked once its recipients are taken.
Content = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends (LOGIN: a mailbox key), as whom, to whom."""

    login: str
    mail_from: str
    recipients: tuple[str, ...]


class _Answered(Exception):
    """Postfix said something other than to go on; `outcome` is what it means."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Transport:
    """The Postfix that takes what people send."""

    port: int

    def hand_over(self, envelope: Envelope, content: Content) -> Outcome:
        """Hand the message in, for all its recipients or for none.

        Raises what CONTENT raises: nothing has left then.
        """
        connection = smtplib.SMTP(local_hostname="localhost", timeout=ANSWER_SECONDS)
        try:
            outcome = _converse(connection, self.port, envelope, content)
            # The answer to this one tells nothing.
            with suppress(*_SMTP_FAILURES):
                connection.send(b"QUIT\r\n")
            return outcome
        except _SMTP_FAILURES as error:
            return Later(f"smtp {type(error).__name__}")
        finally:
            connection.close()


def _converse(connection: smtplib.SMTP, port: int, envelope: Envelope, content: Content) -> Outcome:
    """Envelope, message, answer. Raises OSError or SMTPException where it broke off before the last dot."""
    try:
        _greet(connection, port)
        _announce(connection, envelope)
    except _Answered as answered:
        return answered.outcome
    return _deliver(connection, stuffed(without_blind_copies(content())))


def _greet(connection: smtplib.SMTP, port: int) -> None:
    code, said = connection.connect("127.0.0.1", port)
    if code != _READY:
        raise _Answered(Later(f"{code} {said!r}"))
    connection.ehlo_or_helo_if_needed()
    connection.command_encoding = "utf-8"


def _announce(connection: smtplib.SMTP, envelope: Envelope) -> None:
    """The envelope, up to the point where Postfix wants the message."""
    if not envelope.recipients:
        raise _Answered(Refused("noRecipients"))
    _expect(connection, f"MAIL FROM:<{envelope.mail_from}>{_parameters(connection, envelope)}", "sender")
    for recipient in envelope.recipients:
        _expect(connection, f"RCPT TO:<{recipient}>", "recipient")
    _expect(connection, "DATA", "data", _GO_AHEAD)


def _parameters(connection: smtplib.SMTP, envelope: Envelope) -> str:
    """`AUTH=` says whose message it is (RFC 4954 §5); the rest says what may be in it."""
    plain = all(address.isascii() for address in (envelope.mail_from, *envelope.recipients))
    utf8 = "" if plain or not connection.has_extn("smtputf8") else " SMTPUTF8"
    return f" BODY=8BITMIME{utf8} AUTH={xtext(envelope.login)}"


def xtext(text: str) -> str:
    """TEXT as a parameter's value (RFC 3461 §4)."""
    return _NOT_XTEXT.sub(lambda sign: "".join(f"+{byte:02X}" for byte in sign.group().encode()), text)


def _expect(connection: smtplib.SMTP, command: str, step: str, wanted: int = _DONE) -> None:
    code, said = connection.docmd(command)
    if code != wanted:
        raise _Answered(_meaning(code, said, step))


def _deliver(connection: smtplib.SMTP, message: Iterator[bytes]) -> Outcome:
    """Send the MESSAGE. Its last piece, the dot, is what makes Postfix answer for it."""
    end = b""
    for piece in message:
        connection.send(end)
        end = piece
    try:
        connection.send(end)
        code, said = connection.getreply()
    except _SMTP_FAILURES as error:
        return Unknown(f"smtp {type(error).__name__}")
    return Sent() if code == _DONE else _meaning(code, said, "message")


def _meaning(code: int, said: bytes, step: str) -> Outcome:
    """4xx passes, 5xx doesn't (RFC 5321 §4.2.1); anything else is not SMTP."""
    text = f"{code} {' '.join(said.decode('utf-8', 'replace').split())}"
    return Refused(step, text) if code // 100 == 5 else Later(text)
