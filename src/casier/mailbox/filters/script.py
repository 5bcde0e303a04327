"""The one script: written whole, read back part by part.

Each part of ours stands between two marks. The first holds what the part is, as JSON, and a keyed hash of
that and of its lines; so a part that another program changed is recognised, kept, and shown as theirs.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from casier.mailbox.filters import sieve, writing
from casier.mailbox.filters.rules import Absence, Foreign, Included, Item, Rule
from casier.mailbox.filters.writing import Owner

TITLE = "# Casier: "
_MARK = re.compile(r"#: (rule|script|absence) ([0-9a-f]{24}) (\{.*\})")
_SPACE = re.compile(r"(?:\s+|#[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_REQUIRE = re.compile(r'require\s*(?:\[((?:[^"\]]|"[^"]*")*)\]|("[^"]*"))\s*;[ \t]*\n?', re.IGNORECASE)
_STRING = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a script holds, in order, and the extensions that it asks for."""

    items: tuple[Item, ...]
    absence: Absence
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scripts:
    """Writes and reads scripts, with the key that marks what is ours."""

    key: bytes

    def write(
        self, items: tuple[Item, ...], absence: Absence, owner: Owner, required: frozenset[str] = frozenset()
    ) -> str:
        """The script. REQUIRED is what it asked for before: what others wrote may need it."""
        parts = [self._part("absence", absence, writing.absence_body(absence, owner))]
        parts += [self._item(item, owner) for item in items]
        body = "\n".join(parts)
        needed = writing.requirements([item for item in items if isinstance(item, Rule)], absence)
        needed |= {"include"} if any(isinstance(item, Included) for item in items) else set()
        needed |= required if any(isinstance(item, Foreign) for item in items) else set()
        dollars = "${dollar}" in body
        needed |= {"variables"} if dollars else set()
        head = f"{TITLE}{_one_line(owner.address)}\n"
        head += f"require [{', '.join(sieve.quoted(name) for name in sorted(needed))}];\n" if needed else ""
        return head + (f"{sieve.DOLLAR}\n" if dollars else "") + "\n" + body

    def _item(self, item: Item, owner: Owner) -> str:
        if isinstance(item, Foreign):
            return item.text.rstrip("\n") + "\n"
        if isinstance(item, Included):
            line = f"include :personal :optional {sieve.quoted(item.name)};\n"
            return self._part("script", item, line)
        return self._part("rule", item, writing.rule_body(item, owner))

    def _part(self, kind: str, value: Item | Absence, body: str) -> str:
        facts = msgspec.json.encode(value).decode()
        mark = self._mark(kind, facts, body)
        return f"#: {kind} {mark} {facts}\n{body}#: end {mark}\n"

    def _mark(self, kind: str, facts: str, body: str) -> str:
        return hmac.digest(self.key, f"{kind}\0{facts}\0{body}".encode(), "sha256").hex()[:24]

    def read(self, text: str) -> Parsed:
        """What TEXT holds. Whatever isn't ours, or not as we wrote it, is `Foreign`."""
        required, rest = _without_requires(text.replace("\r\n", "\n"))
        items: list[Item] = []
        absence = Absence()
        for part in self._parts(rest):
            if isinstance(part, Absence):
                absence = part
            else:
                items.append(part)
        return Parsed(tuple(items), absence, frozenset(required))

    def _parts(self, text: str) -> Iterator[Item | Absence]:
        lines, foreign, at = text.split("\n"), list[str](), 0
        while at < len(lines):
            found, after = self._ours(lines, at)
            if found is None:
                foreign.append(lines[at])
                at += 1
            else:
                yield from _foreign(foreign)
                foreign = []
                yield found
                at = after
        yield from _foreign(foreign)

    def _ours(self, lines: list[str], at: int) -> tuple[Item | Absence | None, int]:
        """The part that begins at line AT, if it is as we wrote it, and the line after its end."""
        mark = _MARK.fullmatch(lines[at])
        end = f"#: end {mark[2]}" if mark else ""
        if mark is None or end not in lines[at:]:
            return None, at
        last = lines.index(end, at)
        body = "".join(f"{line}\n" for line in lines[at + 1 : last])
        if not hmac.compare_digest(self._mark(mark[1], mark[3], body), mark[2]):
            return None, at
        kinds: dict[str, type[Item | Absence]] = {"rule": Rule, "script": Included, "absence": Absence}
        try:
            return msgspec.json.decode(mark[3], type=kinds[mark[1]]), last + 1
        except msgspec.MsgspecError:
            return None, at


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without_requires(text: str) -> tuple[set[str], str]:
    """The extensions that TEXT requires, which it may do at its beginning only, and the rest."""
    required: set[str] = set()
    kept, at = "", 0
    while True:
        space = _SPACE.match(text, at)
        start = space.end() if space else at
        found = _REQUIRE.match(text, start)
        if found is None:
            return required, kept + text[at:]
        kept += text[at:start]
        required |= set(_STRING.findall(found[1] or found[2]))
        at = found.end()


def _foreign(lines: list[str]) -> Iterator[Foreign]:
    """What stands between our parts, without our own head and without marks that mean nothing any more."""
    kept = [
        line
        for line in lines
        if line != sieve.DOLLAR
        and not line.startswith((TITLE, "#: end "))
        and not (_MARK.fullmatch(line) and line.startswith("#: "))
    ]
    text = "\n".join(kept).strip("\n")
    if text.strip():
        yield Foreign(text=text + "\n")
