"""IMAP lists as Cyrus writes them: atoms, quoted strings, literals, NIL, parentheses (RFC 9051 §4)."""

from __future__ import annotations

from typing import TypeAlias

Node: TypeAlias = "str | list[Node] | None"
DEEPEST = 200
_ENDS_ATOM = frozenset(b' ()\r\n"')


class Malformed(Exception):
    """What came is not a list."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def peek(self) -> int:
        while self.at < len(self.data) and self.data[self.at] in b" \r\n":
            self.at += 1
        if self.at >= len(self.data):
            raise Malformed("cut short")
        return self.data[self.at]

    def node(self, depth: int) -> Node:
        match chr(self.peek()):
            case "(":
                return self.list(depth)
            case '"':
                return self.quoted()
            case "{":
                return self.literal()
        return self.atom()

    def list(self, depth: int) -> list[Node]:
        if depth >= DEEPEST:
            raise Malformed("nested too deep")
        self.at += 1
        items: list[Node] = []
        while self.peek() != ord(")"):
            items.append(self.node(depth + 1))
        self.at += 1
        return items

    def quoted(self) -> str:
        self.at += 1
        text = bytearray()
        while (byte := self._next()) != ord('"'):
            text.append(self._next() if byte == ord("\\") else byte)
        return text.decode("utf-8", "replace")

    def literal(self) -> str:
        end = self.data.find(b"}", self.at)
        size = self.data[self.at + 1 : end].rstrip(b"+") if end > 0 else b""
        if not size.isdigit() or len(size) > 9:
            raise Malformed("not a literal")
        start = self.data.find(b"\n", end) + 1
        self.at = start + int(size)
        if start == 0 or self.at > len(self.data):
            raise Malformed("cut short")
        return self.data[start : self.at].decode("utf-8", "replace")

    def atom(self) -> str | None:
        start = self.at
        while self.at < len(self.data) and self.data[self.at] not in _ENDS_ATOM:
            self.at += 1
        if start == self.at:
            raise Malformed("nothing where a value belongs")
        text = self.data[start : self.at].decode("utf-8", "replace")
        return None if text == "NIL" else text

    def _next(self) -> int:
        if self.at >= len(self.data):
            raise Malformed("cut short")
        self.at += 1
        return self.data[self.at - 1]


def parse(data: bytes) -> Node:
    """The first value in DATA. Raises Malformed."""
    return _Reader(data).node(0)
