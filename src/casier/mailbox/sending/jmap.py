"""The road to a Cyrus's JMAP on its Unix socket, on behalf of one person."""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from casier.edge.bearer import Bearers
from casier.kernel.errors import CasierError

ANSWER_SECONDS = 60
USING = (
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:mail",
    "urn:ietf:params:jmap:submission",
)
# Large enough that a message of a megabyte takes few steps, small enough that one of a hundred needs no more.
PIECE = 1 << 18

Call = tuple[str, dict[str, Any], str]
# Statuses that refuse a request as a whole: nothing was done.
_REFUSING = frozenset({400, 401, 403, 404, 503})
_FAILURES = (OSError, http.client.HTTPException, ValueError)


class NotReached(CasierError):
    """Cyrus was not reached: it has done nothing."""

    code = "store_not_reached"


class NoAnswer(CasierError):
    """Cyrus was asked and didn't answer: what it did is unknown."""

    code = "store_no_answer"


@dataclass(frozen=True, slots=True)
class Answers:
    """The responses of one request, by the tag of their call."""

    by_tag: dict[str, dict[str, Any]]

    def __getitem__(self, tag: str) -> dict[str, Any]:
        """The arguments of a call's response. Raises NoAnswer when Cyrus refused the call as such."""
        found = self.by_tag.get(tag)
        if found is None:
            raise NoAnswer(tag=tag)
        return found


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_SECONDS)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_SECONDS)
        self.sock.connect(self._path)


class Session:
    """One person's requests, one after the other on one connection."""

    def __init__(self, connection: http.client.HTTPConnection, token: Callable[[], str]) -> None:
        self._connection, self._token = connection, token

    def call(self, *calls: Call, using: tuple[str, ...] = USING) -> Answers:
        """Make CALLS in one request. Raises NotReached or NoAnswer."""
        response = self._ask("POST", "/jmap/", json.dumps({"using": using, "methodCalls": calls}).encode())
        return _answers(response.status, b"".join(_pieces(response)))

    def upload(self, account: str, content: bytes | IO[bytes], kind: str) -> str:
        """The id of a new blob of ACCOUNT; a file is never whole in memory. Raises NotReached or NoAnswer."""
        response = self._ask("POST", f"/jmap/upload/{quote(account)}/", content, kind)
        body = b"".join(_pieces(response))
        if response.status != HTTPStatus.CREATED:
            raise NoAnswer(status=response.status)
        return str(json.loads(body)["blobId"])

    def blob(self, account: str, blob_id: str) -> Iterator[bytes]:
        """The bytes of a blob of ACCOUNT, piece by piece; to be read to the end before the next request.

        Raises NotReached (also where there is no such blob) or NoAnswer, while it is read too.
        """
        response = self._ask("GET", f"/jmap/download/{quote(account)}/{quote(blob_id)}/message")
        if response.status != HTTPStatus.OK:
            raise NotReached(status=response.status)
        return _pieces(response)

    def visit(self, path: str) -> int:
        """Ask what there is at PATH of agendas or address books (RFC 4918); the status.

        Raises NotReached or NoAnswer.
        """
        response = self._ask("PROPFIND", path)
        response.read()
        return response.status

    def must_hold(self, account: str, blob_id: str) -> None:
        """Return if the person may read this blob. Raises NotReached (with its status) or NoAnswer."""
        response = self._ask("HEAD", f"/jmap/download/{quote(account)}/{quote(blob_id)}/message")
        response.read()
        if response.status != HTTPStatus.OK:
            raise NotReached(status=response.status)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | IO[bytes] | None = None,
        kind: str = "application/json",
    ) -> http.client.HTTPResponse:
        if self._connection.sock is None:
            try:
                self._connection.connect()
            except OSError as error:
                raise NotReached(cause=type(error).__name__) from error
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": kind}
        if body is not None and not isinstance(body, bytes):
            headers["Content-Length"] = str(os.fstat(body.fileno()).st_size)
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except _FAILURES as error:
            raise NoAnswer(cause=type(error).__name__) from error


class Jmap:
    """One Cyrus: its socket, and the key that it trusts."""

    def __init__(self, path: Path, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._path, self._bearers, self._clock = path, Bearers(key), clock

    @contextmanager
    def acting_for(self, person: str) -> Iterator[Session]:
        """Speak as the person whose mailbox key is PERSON."""
        connection = _UnixConnection(self._path)
        try:
            yield Session(connection, lambda: self._bearers.token(person, self._clock()))
        finally:
            connection.close()


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """A response's body. Raises NoAnswer where the connection ends before the body does."""
    missing = response.length
    try:
        while piece := response.read(PIECE):
            missing = None if missing is None else missing - len(piece)
            yield piece
    except _FAILURES as error:
        raise NoAnswer(cause=type(error).__name__) from error
    if missing:
        raise NoAnswer(missing=missing)


def _answers(status: int, body: bytes) -> Answers:
    """Read a response. A status that refuses the request as a whole means that nothing was done."""
    if status in _REFUSING:
        raise NotReached(status=status)
    if status != HTTPStatus.OK:
        raise NoAnswer(status=status)
    try:
        responses = json.loads(body)["methodResponses"]
    except (ValueError, KeyError) as error:
        raise NoAnswer(cause=type(error).__name__) from error
    return Answers({tag: arguments for name, arguments, tag in _first_of_each(responses) if name != "error"})


def _first_of_each(responses: list[Any]) -> list[Any]:
    """The first response to each call: an implicit one bears the tag of the call that it follows."""
    return list({response[2]: response for response in reversed(responses)}.values())
