"""Sieve as text: strings that come back as they were, conditions, actions (RFC 5228 and its extensions).

Where a script requires `variables`, `${…}` in any string would be replaced. So `${` is never written: its
dollar comes from the variable `dollar`, which `script.py` sets.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from casier.mailbox.filters.rules import Actions, Condition
from casier.mailbox.filters.spellings import spellings

DOLLAR = 'set "dollar" "$";'
LOG = "vnd.cyrus.log"
_FIELDS = {"from": ("from",), "to": ("to", "cc")}
# Cyrus writes it into what Sieve sends on.
_SENT_ON = 'exists "x-sieve-action"'
_QUERIES = {"subject": "subject", "text": "text"}
_ELISIONS = ("l'", "d'", "qu'", "s'", "n'", "j'")
# How many forms of each word, by the number of words: the engine refuses some hundreds of combinations.
_FORMS = {1: 24, 2: 12, 3: 5, 4: 3, 5: 2, 6: 2}


def quoted(text: str) -> str:
    """TEXT as a quoted string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_dollars(escaped)}"'


def noted(what: str, name: str = "") -> str:
    """A line of the store's log that says WHAT held for a message: the trace of messages reads it."""
    return f"log {quoted(f'casier: {what} {name}'.rstrip())};"


def listed(texts: Iterable[str]) -> str:
    """Several strings; one stands alone."""
    strings = [quoted(text) for text in texts]
    return strings[0] if len(strings) == 1 else f"[{', '.join(strings)}]"


def block(text: str) -> str:
    """TEXT in lines as it is read, always ended by a line's end (RFC 5228 §2.4.2)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    stuffed = [f".{line}" if line.startswith(".") else line for line in lines]
    return "text:\n" + "\n".join(_dollars(line) for line in stuffed) + "\n.\n"


def _dollars(text: str) -> str:
    return text.replace("${", "${dollar}{")


def test(condition: Condition) -> str:
    """A condition as a test."""
    plain = _test(condition)
    return f"not {plain}" if condition.negated else plain


def _test(condition: Condition) -> str:
    field, value = condition.field, condition.value.strip()
    if field == "size":
        return f"size :{condition.how} {int(value)}K"
    if field == "attachment":
        return _query({"hasAttachment": True})
    if field == "list":
        return f'header :contains "list-id" {quoted(value)}'
    if condition.how == "words":
        return _words(field, value)
    part = " :domain" if condition.how == "domain" else ""
    return f"address{part} :is {listed(_FIELDS[field])} {quoted(value.removeprefix('@'))}"


def _words(field: str, value: str) -> str:
    """Words are looked up as the search does: without case and accents."""
    names = _FIELDS.get(field) or (_QUERIES[field],)
    queries = [_all_of(name, value) for name in names]
    return _query(queries[0] if len(queries) == 1 else {"operator": "OR", "conditions": queries})


def _all_of(name: str, value: str) -> dict[str, Any]:
    """Every word of VALUE, in any form; a phrase in quotes as it stands."""
    words = value.split()
    most = _FORMS.get(len(words), 1)
    each_forms = [_forms(name, word, most) for word in words]
    if '"' in value or all(len(forms) == 1 for forms in each_forms):
        return {name: value}
    each = [_any_of([{name: form} for form in forms]) for forms in each_forms]
    return each[0] if len(each) == 1 else {"operator": "AND", "conditions": each}


def _any_of(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return conditions[0] if len(conditions) == 1 else {"operator": "OR", "conditions": conditions}


def _forms(name: str, word: str, most: int) -> list[str]:
    """WORD in the forms that the engine knows as others, MOST of them.

    Names of people it knows with their accents alone; in texts and subjects it knows words without them too,
    but `l'école` as one word, another one than `école`.
    """
    if name not in _QUERIES:
        return spellings(word, most)
    begins = unicodedata.normalize("NFD", word)[:1].lower()
    elided = [f"{elision}{word}" for elision in _ELISIONS] if begins in set("aeiouyhœæ") else []
    return [word, *elided][:most]


def _query(condition: dict[str, Any]) -> str:
    text = json.dumps(condition, ensure_ascii=False).replace("${", "\\u0024{")
    return f"jmapquery {quoted(text)}"


def requirements(conditions: Iterable[Condition], actions: Actions) -> set[str]:
    """The extensions that these need."""
    needed = {LOG}
    if any(condition.field == "attachment" or condition.how == "words" for condition in conditions):
        needed.add("vnd.cyrus.jmapquery")
    if flags_of(actions):
        needed.add("imap4flags")
    if actions.folder:
        needed |= {"fileinto", "mailboxid"}
    if actions.redirect:
        needed.add("copy")
    if actions.reply is not None:
        needed |= {"vacation", "variables"}
    return needed


def flags_of(actions: Actions) -> list[str]:
    """Flags and keywords to put on, as IMAP calls them."""
    chosen = {"\\Seen": actions.mark_read, "\\Flagged": actions.star, "$Important": actions.important}
    return [flag for flag, wanted in chosen.items() if wanted] + list(actions.labels)


def redirects(actions: Actions) -> list[str]:
    """Lines that send on; a copy stays unless that was not wanted.

    Of what was sent on before a copy stays always: two who send each other everything, or one who sends to
    themselves, would lose it, for the store sends each message on once.
    """
    copies = [f"redirect :copy {quoted(address)};" for address in actions.redirect]
    if actions.keep_copy or actions.folder or not copies:
        return copies
    moves = [f"redirect {quoted(address)};" for address in actions.redirect]
    return [f"if {_SENT_ON} {{", *_inside(copies), "} else {", *_inside(moves), "}"]


def _inside(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def filing(actions: Actions) -> list[str]:
    if actions.folder is None:
        return []
    return [f"fileinto :mailboxid {quoted(actions.folder.id)} {quoted(actions.folder.name)};"]
