"""The parts of a message, as Cyrus describes them: a BODYSTRUCTURE that also tells where each begins."""

from __future__ import annotations

from dataclasses import dataclass

from casier.engines.cyrus.arriving.structure import Malformed, Node

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
    charset: str = ""
    encoding: str = ""  # transfer encoding, such as "base64"
    size: int = 0  # bytes of the content, encoded
    offset: int = 0  # where the content begins in the message's file


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
    return Part(
        kind,
        (),
        word,
        named,
        content_id=len(node) > 3 and node[3] is not None,
        charset=_value(node[2], "charset"),
        encoding=_word(node, 5),
        size=_number(node[6] if len(node) > 6 else None),
        offset=_number(_value(node[-1], "offset")),
    )


def _word(items: list[Node], index: int) -> str:
    item = items[index] if len(items) > index else None
    return item.lower() if isinstance(item, str) else ""


def _names(parameters: Node) -> set[str]:
    """The names in a list of names and values; `filename*0` counts as `filename`."""
    if not isinstance(parameters, list):
        return set()
    return {name.lower().partition("*")[0] for name in parameters[::2] if isinstance(name, str)}


def _value(pairs: Node, wanted: str) -> str:
    """What stands after the name WANTED in a list of names and values, or ""."""
    if not isinstance(pairs, list):
        return ""
    for name, value in zip(pairs[::2], pairs[1::2], strict=False):
        if isinstance(name, str) and name.lower() == wanted:
            return value if isinstance(value, str) else ""
    return ""


def _number(word: Node) -> int:
    return int(word) if isinstance(word, str) and word.isdigit() and len(word) < 12 else 0
