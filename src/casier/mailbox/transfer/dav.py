"""A person's address books and agendas (RFC 6352, 4791): read whole, single cards and events put."""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from casier.edge.bearer import Bearers
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance

_SECONDS = 60
_PIECE = 1 << 18
_LISTING_BYTES = 5_000_000
_ANSWER_BYTES = 64_000
_DONE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})
_DAV, _CAL, _CARD = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{urn:ietf:params:xml:ns:carddav}"
# The store invites nobody, tells nobody of an answer or of an end (its own header, beside RFC 6638).
_UNTOLD = {"Scheduling-Enabled": "F"}
# What a collection says of something whose UID it has already, under whatever name.
_TWICE = (b"no-uid-conflict", b"unique-scheduling-object-resource")
_ASKED = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><displayname/><resourcetype/></prop></propfind>'


@dataclass(frozen=True, slots=True)
class Collection:
    """An address book or an agenda: where it is, and what its owner calls it."""

    path: str
    name: str


class Put(Enum):
    """What came of putting one thing."""

    ADDED = auto()
    THERE = auto()
    FULL = auto()
    REFUSED = auto()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._socket_path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._socket_path)


class Dav:
    """The collections of one person. Raises Unavailable where the store doesn't answer as it should."""

    def __init__(self, connection: http.client.HTTPConnection, token: Callable[[], str], key: str) -> None:
        self._connection, self._token, self._key = connection, token, key

    def agendas(self) -> list[Collection]:
        """Their agendas."""
        return self._collections(f"/dav/calendars/user/{quote(self._key)}/", f"{_CAL}calendar")

    def address_books(self) -> list[Collection]:
        """Their address books."""
        return self._collections(f"/dav/addressbooks/user/{quote(self._key)}/", f"{_CARD}addressbook")

    def read(self, path: str) -> Iterator[bytes]:
        """All that a collection holds, as one iCalendar or vCard file."""
        response = self._ask("GET", path)
        if response.status != HTTPStatus.OK:
            response.read()
            raise Unavailable(f"store: GET {response.status}", part="cyrus")
        while piece := response.read(_PIECE):
            yield piece

    def put(self, path: str, name: str, content: bytes, kind: str) -> tuple[Put, str]:
        """Put CONTENT into the collection PATH under NAME, nobody being told of it; what the store said.

        What is there already stays as it is.
        """
        headers = {"Content-Type": kind, "If-None-Match": "*", **_UNTOLD}
        response = self._ask("PUT", path + quote(name, safe=""), content, headers)
        said = response.read(_ANSWER_BYTES)
        response.close()
        if response.status in _DONE:
            return Put.ADDED, ""
        if response.status == HTTPStatus.PRECONDITION_FAILED or any(word in said for word in _TWICE):
            return Put.THERE, ""
        if response.status == HTTPStatus.INSUFFICIENT_STORAGE or b"quota-not-exceeded" in said:
            return Put.FULL, ""
        return Put.REFUSED, _description(said) or str(response.status)

    def delete(self, path: str) -> None:
        """Take one thing out again, nobody being told of it; nothing happens where it is gone."""
        self._ask("DELETE", path, more=_UNTOLD).read()

    def _collections(self, home: str, kind: str) -> list[Collection]:
        response = self._ask("PROPFIND", home, _ASKED, {"Depth": "1", "Content-Type": "application/xml"})
        text = response.read(_LISTING_BYTES)
        if response.status == HTTPStatus.NOT_FOUND:
            return []
        if response.status != HTTPStatus.MULTI_STATUS:
            raise Unavailable(f"store: PROPFIND {response.status}", part="cyrus")
        try:
            found = ElementTree.fromstring(text)  # noqa: S314 - the store's own, of a bounded length
        except ElementTree.ParseError as error:
            raise Unavailable("store: PROPFIND", part="cyrus") from error
        return [_collection(answer) for answer in found if answer.find(f".//{kind}") is not None]

    def _ask(
        self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token()}", **(more or {})}
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unavailable(f"store: {type(error).__name__}", part="cyrus") from error


def _description(said: bytes) -> str:
    found = re.search(rb"<D:responsedescription>([^<]{1,300})", said)
    return found[1].decode("utf-8", "replace") if found else ""


@contextmanager
def dav_of(instance: Instance, key: str) -> Iterator[Dav]:
    """The collections of the person with the mailbox KEY."""
    bearers = Bearers(instance.key("jwt"))
    connection = _UnixConnection(instance.socket("cyrus", "nginx", "dav.sock"))
    try:
        yield Dav(connection, lambda: bearers.token(key, time.time()), key)
    finally:
        connection.close()


def _collection(answer: ElementTree.Element) -> Collection:
    path = answer.findtext(f"{_DAV}href", "")
    name = answer.findtext(f".//{_DAV}displayname", "") or unquote(path.rstrip("/").rpartition("/")[2])
    return Collection(path, name)
