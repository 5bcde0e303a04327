"""Does a message carry attachments? Asked by Cyrus for each message it stores, answered with a keyword.

Searching by "has an attachment" needs the keyword `$HasAttachment`, which Cyrus itself sets only on messages
made by JMAP.
"""

from __future__ import annotations

from dataclasses import dataclass

from casier.edge.relay.structure import Malformed, Node, parse

# Cyrus reads one character beyond the list: without a line end the answer counts as an error.
SET_KEYWORD = b"(+FLAGS ($HasAttachment))\r\n"
NOTHING = b"()\r\n"
# Parts that a reader never offers as files: signatures, delivery reports, invitations (shown as such).
_NO_FILES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "text/calendar",
    }
)
# Where the disposition stands in a BODYSTRUCTURE of each kind (RFC 9051 §7.5.2).
_DISPOSITION_AT = {"text": 9, "message/rfc822": 11}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message's structure."""

    kind: str  # such as "text/plain"; of a multipart "multipart/mixed"
    parts: tuple[Part, ...] = ()
    disposition: str = ""
    named: bool = False  # it has a file name
    content_id: bool = False


def has_attachments(part: Part, parent: str = "") -> bool:
    """Whether PART holds what a reader offers as a file."""
    if part.kind.startswith("multipart/"):
        if part.kind == "multipart/report":
            return False
        return any(has_attachments(inner, part.kind) for inner in part.parts)
    if part.kind in _NO_FILES:
        return False
    if part.disposition == "attachment":
        return True
    if part.kind in ("text/plain", "text/html"):
        return part.named and part.disposition != "inline"
    shown_inside = part.disposition == "inline" or part.content_id
    return not (part.kind.startswith("image/") and (shown_inside or parent == "multipart/related"))


def structure_in(arguments: bytes) -> Part:
    """The BODY in the arguments of the callout: `(FILENAME … BODY (…) GUID …)`. Raises Malformed."""
    values = parse(arguments)
    if not isinstance(values, list):
        raise Malformed("not a list")
    for name, value in zip(values[::2], values[1::2], strict=False):
        if name == "BODY":
            return read_part(value)
    raise Malformed("no BODY")


def read_part(node: Node) -> Part:
    """A BODYSTRUCTURE as a Part. Raises Malformed."""
    if not isinstance(node, list) or not node:
        raise Malformed("not a body")
    if isinstance(node[0], list):
        inner = [item for item in node if isinstance(item, list)]
        place = next(index for index, item in enumerate(node) if not isinstance(item, list))
        return Part(f"multipart/{_word(node, place)}", tuple(map(read_part, inner[:place])))
    kind = f"{_word(node, 0)}/{_word(node, 1)}"
    place = _DISPOSITION_AT.get(kind, _DISPOSITION_AT.get(_word(node, 0), 8))
    disposition = node[place] if len(node) > place else None
    word, parameters = "", set()
    if isinstance(disposition, list) and disposition:
        word, parameters = _word(disposition, 0), _names(disposition[1] if len(disposition) > 1 else None)
    named = bool((parameters & {"filename", "filename*"}) | (_names(node[2]) & {"name", "name*"}))
    return Part(kind, (), word, named, content_id=len(node) > 3 and node[3] is not None)


def answer(arguments: bytes) -> bytes:
    """What Cyrus is told. A structure that can't be read has no attachments: the message must go on."""
    try:
        return SET_KEYWORD if has_attachments(structure_in(arguments)) else NOTHING
    except (Malformed, StopIteration, IndexError):
        return NOTHING


def _word(items: list[Node], index: int) -> str:
    item = items[index] if len(items) > index else None
    return item.lower() if isinstance(item, str) else ""


def _names(parameters: Node) -> set[str]:
    """The names in a list of names and values; `filename*0` counts as `filename`."""
    if not isinstance(parameters, list):
        return set()
    return {name.lower().partition("*")[0] for name in parameters[::2] if isinstance(name, str)}
