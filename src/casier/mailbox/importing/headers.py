"""Read single headers from raw bytes, without parsing the whole message.

The standard library's parser costs a millisecond or more a message; an import asks for three headers.
"""

from __future__ import annotations

import re

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_END = re.compile(rb"\r?\n\r?\n")


def is_field(line: bytes) -> bool:
    """Whether LINE begins as a header field does (RFC 5322 §2.2)."""
    return _FIELD.match(line) is not None


def lines(text: bytes) -> list[bytes]:
    """The lines of TEXT with their ends; a CR alone ends none (bytes.splitlines would cut there)."""
    return text.splitlines(keepends=True) if b"\r" not in text else re.findall(rb"[^\n]*\n|[^\n]+", text)


def block(content: bytes) -> bytes:
    """The headers of CONTENT, without the blank line that ends them."""
    if content[:1] == b"\n" or content[:2] == b"\r\n":
        return b""
    end = _END.search(content)
    return content[: end.start()] if end else content


def values(headers: bytes, name: str) -> list[bytes]:
    """Every value of the field NAME in HEADERS, unfolded, in order."""
    pattern = re.compile(
        rb"^" + re.escape(name.encode("ascii")) + rb"[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.I | re.M
    )
    return [re.sub(rb"\r?\n[ \t]*", b" ", value).strip() for value in pattern.findall(headers)]


def first(headers: bytes, name: str) -> bytes:
    """The first value of the field NAME, or nothing."""
    found = values(headers, name)
    return found[0] if found else b""


def without(content: bytes, names: frozenset[bytes]) -> bytes:
    """CONTENT without the header fields NAMES (lower case), their folded lines included."""
    head = block(content)
    kept: list[bytes] = []
    dropping = False
    for line in lines(head):
        if line[:1] not in (b" ", b"\t"):
            dropping = line.partition(b":")[0].strip().lower() in names
        if not dropping:
            kept.append(line)
    rest = content[len(head) :]
    if kept and not kept[-1].endswith(b"\n") and not rest.startswith((b"\n", b"\r\n")):
        kept.append(b"\n")
    elif kept and kept[-1].endswith(b"\n") and rest.startswith((b"\n", b"\r\n")):
        rest = rest[1:] if rest.startswith(b"\n") else rest[2:]
    return b"".join(kept) + rest
