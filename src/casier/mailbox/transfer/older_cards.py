"""Cards of vCard 2.1, as telephones and older programs write them, told as version 3.0 (RFC 2426).

The store takes no earlier one. What a card says may be millions of signs, so each is looked at once.
"""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass, field

_HEAD = re.compile(rb"(?:[A-Za-z0-9-]+\.)?[A-Za-z0-9-]+((?:;[^:;]*)*):")
_LONGEST_HEAD = 2_000
_QUOTED = re.compile(rb"^[^:]*;\s*(?:ENCODING\s*=\s*)?QUOTED-PRINTABLE\s*(?:;|:)", re.I)
_BASE64 = re.compile(rb"^[^:]*;\s*(?:ENCODING\s*=\s*)?(?:BASE64|B)\s*(?:;[^:]*)?:", re.I)
_MORE_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_CHARSET = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d+|(windows-|cp)\d+|macintosh|koi8-[ru]|big5|gb\w+|shift_jis|euc-\w+", re.I
)
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"})
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
# Texts of one part, where a semicolon is a sign like others, and texts whose parts it separates.
_TEXTS = frozenset({"FN", "TITLE", "ROLE", "NOTE", "LABEL", "NICKNAME", "MAILER"})
_PARTED = frozenset({"N", "ADR", "ORG"})
_MOST_PARAMETERS = 50
# `\;` is a semicolon; no other sign is escaped in version 2.1.
_SIGN = re.compile(r"\\;|[\\;,]|\r\n|\r|\n")


@dataclass(slots=True)
class _Line:
    """One property. NAME as it is written, with its group; VALUE as version 3.0 writes it."""

    name: str
    parameters: list[str] = field(default_factory=list)
    value: str = ""

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].upper()

    @property
    def text(self) -> bytes:
        return f"{';'.join([self.name, *self.parameters])}:{self.value}".encode()


def is_older(block: list[bytes]) -> bool:
    """Whether BLOCK says that it is of version 2.1."""
    return any(line.replace(b" ", b"").upper() == b"VERSION:2.1" for line in block)


def modern(block: list[bytes]) -> list[bytes]:
    """BLOCK, the unfolded lines of one card of version 2.1, as version 3.0; an agent's card is left out."""
    lines = [line for line in map(_read, _whole(_without_agent(block[1:-1]))) if line is not None]
    kept = [line for line in lines if line.kind not in ("VERSION", "BEGIN", "END", "AGENT")]
    return [b"BEGIN:VCARD", b"VERSION:3.0", *_names(kept), *(line.text for line in kept), b"END:VCARD"]


def _without_agent(lines: list[bytes]) -> list[bytes]:
    kept, depth = list[bytes](), 0
    for line in lines:
        word = line.strip().upper()
        depth += word == b"BEGIN:VCARD"
        if not depth:
            kept.append(line)
        depth -= word == b"END:VCARD"
    return kept


def _whole(lines: list[bytes]) -> list[bytes]:
    """LINES, those that go on below made one: after an equals sign, or pictures without blanks before."""
    whole = list[list[bytes]]()
    quoted = base64 = goes_on = False
    for line in lines:
        if goes_on or (base64 and _MORE_BASE64.fullmatch(line)):
            whole[-1].append(line)
        else:
            whole.append([line])
            quoted, base64 = (bool(kind.match(line[:_LONGEST_HEAD])) for kind in (_QUOTED, _BASE64))
        goes_on = quoted and line.endswith(b"=")
        if goes_on:
            whole[-1][-1] = line[:-1]
    return [b"".join(parts) for parts in whole]


def _read(line: bytes) -> _Line | None:
    """One property; None where LINE is none."""
    line = line.lstrip()
    head = _HEAD.match(line[:_LONGEST_HEAD])
    if head is None:
        return None
    named = line[: head.start(1)].decode("ascii")
    parameters, encoding, charset = _parameters(head[1].decode("utf-8", "replace"))
    value = line[head.end() :]
    if encoding in ("BASE64", "B"):
        return _Line(named, [*parameters, "ENCODING=b"], b"".join(value.split()).decode("ascii", "replace"))
    decoded = quopri.decodestring(value) if encoding == "QUOTED-PRINTABLE" else value
    # What isn't quoted was made UTF-8 with the whole file.
    text = _text(decoded, charset if encoding == "QUOTED-PRINTABLE" else "")
    return _Line(named, parameters, _escaped(named.rpartition(".")[2].upper(), text))


def _parameters(written: str) -> tuple[list[str], str, str]:
    """`;HOME;VOICE` as `TYPE=HOME`, `TYPE=VOICE`; the encoding and the charset, which version 3.0 lacks."""
    kept, encoding, charset = list[str](), "", ""
    for one in written.split(";")[1:_MOST_PARAMETERS]:
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals:
            name, value = _bare(name)
        match name.upper():
            case "ENCODING":
                encoding = value.upper()
            case "CHARSET":
                charset = value
            case _ if _NAME.fullmatch(name) and _NAME.fullmatch(value):
                kept.append(f"{name.upper()}={value}")
    return kept, encoding, charset


def _bare(value: str) -> tuple[str, str]:
    if value.upper() in _ENCODINGS:
        return "ENCODING", value
    if value.upper() in ("URL", "CONTENT-ID", "CID", "INLINE"):
        return ("VALUE", "uri") if value.upper() == "URL" else ("", "")
    return "TYPE", value


def _text(content: bytes, charset: str) -> str:
    # Python knows codecs of other kinds too, some of which take the square of the length.
    for one in (charset if _CHARSET.fullmatch(charset) else "utf-8", "utf-8"):
        try:
            return content.decode(one)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _escaped(kind: str, text: str) -> str:
    """TEXT on one line; what separates parts goes on doing so."""
    if kind not in _TEXTS and kind not in _PARTED:
        return " ".join(text.split("\n")).replace("\r", "").strip()

    def sign(found: re.Match[str]) -> str:
        match found[0]:
            case ";" if kind in _PARTED:
                return ";"
            case ";" | "\\;":
                return "\\;"
            case "\r\n" | "\r" | "\n":
                return "\\n"
            case other:
                return f"\\{other}"

    return _SIGN.sub(sign, text)


def _names(lines: list[_Line]) -> list[bytes]:
    """`FN` and `N` where LINES lack them: version 3.0 must have both."""
    of = {line.kind: line.value for line in reversed(lines)}
    made = list[bytes]()
    if not of.get("FN", "").strip():
        lines[:] = [line for line in lines if line.kind != "FN"]
        given = [part.strip() for part in re.split(r"(?<!\\);", of.get("N", ""))[:2]]
        shown = " ".join(part for part in reversed(given) if part)
        others = (of.get(kind, "").replace(";", " ").strip() for kind in ("ORG", "EMAIL", "TEL"))
        shown = shown or next((one for one in others if one), "?")
        made.append(f"FN:{shown}".encode())
    if "N" not in of:
        made.append(f"N:{of.get('FN', '')};;;;".encode())
    return made
