"""A message centre that speaks SMPP 3.4 (§3 to §5 of the specification), for tests.

Written from the bytes up, with nothing of the library that the platform uses: what both understand is the
protocol. It answers as it is told to, and keeps what came.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from dataclasses import dataclass, field

BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x09, 0x04, 0x05, 0x06, 0x15
ANSWER = 0x80000000
OK, INVALID_DESTINATION, THROTTLED, BIND_FAILED = 0x00, 0x0B, 0x58, 0x0D
UDHI, RECEIPT = 0x40, 0x04
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True, slots=True)
class Submitted:
    """One part of a message as it came."""

    sender: str
    number: str
    coding: int
    text: str
    part: tuple[int, int, int] | None  # reference, of how many, which


@dataclass
class Centre:
    """What the centre does next, and what it has seen."""

    password: str = "secret"
    status: int = OK
    mute: bool = False  # takes, and never answers
    hangs_up: bool = False  # takes, and closes the connection instead of answering
    tls: ssl.SSLContext | None = None  # what it shows; none: it speaks in clear
    binds: int = 0
    spoke: list[str] = field(default_factory=list)  # the version of TLS, by connection
    port: int = 0
    got: list[Submitted] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    links: list[socket.socket] = field(default_factory=list)

    def receipt(self, reference: str, state: str) -> None:
        """Tell the client what became of the message REFERENCE (appendix B)."""
        done = "2611230210"
        text = (
            f"id:{reference} sub:001 dlvrd:001 submit date:{done} done date:{done} stat:{state} err:000 text:"
        )
        body = b"\0" + b"\x01\x0133612345601\0" + b"\x05\0Casier\0" + bytes([RECEIPT, 0, 0]) + b"\0\0"
        body += bytes([0, 0, 0, 0, len(text)]) + text.encode()
        self.links[-1].sendall(_pdu(DELIVER_SM, OK, 7000 + len(self.got), body))

    def cut(self) -> None:
        """Break every connection."""
        for link in self.links:
            link.close()
        self.links.clear()


class _Session(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.settimeout(20)
        if self.server.centre.tls is not None and not self._secured(self.server.centre.tls):
            return
        while (pdu := self._read()) is not None:
            command, _status, number, body = pdu
            if command & ANSWER:
                continue
            if not self._answer(command, number, body):
                return

    def _secured(self, context: ssl.SSLContext) -> bool:
        try:
            self.request = context.wrap_socket(self.request, server_side=True)
        except OSError:
            return False
        self.server.centre.spoke.append(str(self.request.version()))
        return True

    def finish(self) -> None:
        self.request.close()

    def _read(self) -> tuple[int, int, int, bytes] | None:
        try:
            head = self._exactly(16)
            length, command, status, number = struct.unpack("!IIII", head)
            return command, status, number, self._exactly(length - 16)
        except (OSError, EOFError):
            return None

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def _answer(self, command: int, number: int, body: bytes) -> bool:
        centre = self.server.centre
        status, text = OK, b""
        if command == BIND_TRANSCEIVER:
            _system, password, *_rest = body.split(b"\0")
            status = OK if password.decode() == centre.password else BIND_FAILED
            centre.binds += status == OK
            centre.links.append(self.request)
            text = b"centre\0"
        elif command == SUBMIT_SM:
            with centre.came:
                centre.got.append(_submitted(body))
                centre.came.notify_all()
            if centre.hangs_up:
                self.request.close()
                return False
            if centre.mute:
                return True
            status = centre.status
            text = f"m{len(centre.got)}".encode() + b"\0" if status == OK else b""
        self.request.sendall(_pdu(command | ANSWER, status, number, text))
        return command != UNBIND


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    centre: Centre


def serve(centre: Centre, port: int = 0, host: str = "127.0.0.1") -> _Server:
    """A centre on this machine; `shutdown()` and `server_close()` end it."""
    server = _Server((host, port), _Session)
    server.centre, centre.port = centre, server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def _pdu(command: int, status: int, number: int, body: bytes) -> bytes:
    return struct.pack("!IIII", 16 + len(body), command, status, number) + body


def _submitted(body: bytes) -> Submitted:
    _service, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    number, rest = rest[2:].split(b"\0", 1)
    mode, rest = rest[0], rest[3:]
    _scheduled, rest = rest.split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    coding, length = rest[2], rest[4]
    data = rest[5 : 5 + length]
    part = None
    if mode & UDHI:
        header, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        part = (header[2], header[3], header[4])
    text = data.decode("utf-16-be") if coding == 8 else "".join(_GSM[octet] for octet in data)
    return Submitted(sender.decode(), number.decode(), coding, text, part)
