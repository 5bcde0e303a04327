"""The road to a Cyrus's JMAP on its Unix socket, on behalf of one person."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casier.edge.bearer import make_jwt
from casier.kernel.errors import CasierError

# Postfix and Rspamd scan within this request; a message of 100 MB took six seconds.
ANSWER_SECONDS = 150
USING = (
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:mail",
    "urn:ietf:params:jmap:submission",
)

Call = tuple[str, dict[str, Any], str]


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


@dataclass(frozen=True, slots=True)
class Jmap:
    """One Cyrus: its socket, and the key that it trusts."""

    path: Path
    key: bytes
    clock: Callable[[], float] = time.time

    def call(self, person: str, *calls: Call) -> Answers:
        """Make CALLS as the person whose mailbox key is PERSON. Raises NotReached or NoAnswer."""
        body = json.dumps({"using": USING, "methodCalls": calls}).encode()
        headers = {
            "Authorization": f"Bearer {make_jwt(person, self.key, self.clock())}",
            "Content-Type": "application/json",
        }
        connection = _UnixConnection(self.path)
        try:
            connection.connect()
        except OSError as error:
            raise NotReached(cause=type(error).__name__) from error
        try:
            connection.request("POST", "/jmap/", body, headers)
            response = connection.getresponse()
            return _answers(response.status, response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(cause=type(error).__name__) from error
        finally:
            connection.close()


def _answers(status: int, body: bytes) -> Answers:
    """Read a response. A status that refuses the request as a whole means that nothing was done."""
    if status in {400, 401, 403, 404, 503}:
        raise NotReached(status=status)
    if status != 200:
        raise NoAnswer(status=status)
    responses = json.loads(body)["methodResponses"]
    return Answers({tag: arguments for name, arguments, tag in _first_of_each(responses) if name != "error"})


def _first_of_each(responses: list[Any]) -> list[Any]:
    """The first response to each call: an implicit Email/set bears the tag of the submission it follows."""
    return list({response[2]: response for response in reversed(responses)}.values())
