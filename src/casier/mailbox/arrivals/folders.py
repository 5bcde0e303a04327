"""The store's side: what folders a person has, and reading the messages of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casier.engines.cyrus.imap import ImapConnection, StoreRefused, quoted, words

# Up to here messages are fetched together; above, piece by piece, so that none lies in memory as a whole.
SMALL = 256 * 1024
PIECE = 1 << 20
_STATUS = re.compile(
    rb'\* STATUS (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|\{(?P<octets>\d+)\}\r\n|(?P<atom>[^\s"{(]+))'
)
_FACT = re.compile(rb"(UIDNEXT|UIDVALIDITY) (\d+)")
_OTHERS = ("Other Users/", "Shared Folders/")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d+)\]")


class Moved(Exception):
    """The folder isn't where it was."""


def folders_of(connection: ImapConnection) -> dict[int, tuple[str, int]]:
    """Of each folder of the person signed in: by its UIDVALIDITY its name and highest UID."""
    answer = connection.run('LIST "" "*" RETURN (STATUS (UIDNEXT UIDVALIDITY))').expect()
    return dict(_statuses(answer.lines))


def status(connection: ImapConnection, name: str) -> tuple[int, int]:
    """UIDVALIDITY and highest UID of the folder called NAME. Raises StoreRefused."""
    answer = connection.run(f"STATUS {quoted(name)} (UIDNEXT UIDVALIDITY)").expect()
    for validity, (_, last) in _statuses(answer.lines):
        return validity, last
    raise StoreRefused("no STATUS")


def _statuses(lines: Sequence[bytes]) -> Iterator[tuple[int, tuple[str, int]]]:
    for line in lines:
        begun = _STATUS.match(line)
        if begun is None:
            continue
        literal = begun["octets"]
        end = begun.end() + int(literal) if literal else begun.end()
        name = _name(begun, line[begun.end() : end])
        facts = dict(_FACT.findall(line[end:]))
        if not name.startswith(_OTHERS) and facts.keys() >= {b"UIDNEXT", b"UIDVALIDITY"}:
            yield int(facts[b"UIDVALIDITY"]), (name, int(facts[b"UIDNEXT"]) - 1)


def _name(begun: re.Match[bytes], literal: bytes) -> str:
    """A folder's name: an atom, a quoted string or a literal; whoever names a folder chooses which."""
    if begun["quoted"] is not None:
        return re.sub(rb"\\(.)", rb"\1", begun["quoted"]).decode("utf-8", "replace")
    return (begun["atom"] or literal).decode("utf-8", "replace")


class OpenFolder:
    """One folder on a signed-in connection. Raises Moved where another folder has its name."""

    def __init__(self, connection: ImapConnection, name: str, uid_validity: int) -> None:
        self._connection, self._name = connection, name
        opened = connection.run(f"EXAMINE {quoted(name)}").expect()
        found = next(filter(None, map(_VALIDITY.search, opened.lines)), None)
        if found is None or int(found[1]) != uid_validity:
            raise Moved(name)

    def sizes(self, first: int, last: int) -> dict[int, int]:
        """The octets of each message that is there, from UID FIRST to LAST."""
        answer = self._connection.run(f"UID FETCH {first}:{last} (RFC822.SIZE)").expect()
        pairs = ((_UID.search(line), _SIZE.search(line)) for line in answer.lines)
        return {int(uid[1]): int(size[1]) for uid, size in pairs if uid and size}

    def small(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The messages themselves, of those that are still there."""
        answer = self._connection.run(f"UID FETCH {','.join(map(str, uids))} (BODY.PEEK[])").expect()
        return dict(filter(None, map(_message, answer.lines)))

    def pieces(self, uid: int, size: int) -> Iterator[bytes]:
        """A large message piece by piece; nothing where it is gone."""
        for start in range(0, size, PIECE):
            answer = self._connection.run(f"UID FETCH {uid} (BODY.PEEK[]<{start}.{PIECE}>)").expect()
            yield from (found[1] for found in map(_message, answer.lines) if found)

    def has_note(self, above: int, reference: str) -> bool:
        """Whether a note about REFERENCE came after UID ABOVE."""
        asked = f"UID SEARCH UID {above}:* HEADER X-Casier-Quarantine {quoted(reference)}"
        answer = self._connection.run(asked).expect()
        return any(len(words(line)) > 2 for line in answer.lines if line.startswith(b"* SEARCH"))

    def add(self, message: bytes) -> None:
        """Put MESSAGE into the folder. Raises StoreRefused."""
        head = f"APPEND {quoted(self._name)} {{{len(message)}+}}\r\n".encode()
        self._connection.run_patiently(head + message)

    def mark(self, uid: int, flags: Sequence[str]) -> None:
        """Put FLAGS on a message; those that may not be set here are left out."""
        if flags:
            self._connection.run(f"SELECT {quoted(self._name)}").expect()
            self._connection.run(f"UID STORE {uid} +FLAGS.SILENT ({' '.join(flags)})")
            self._connection.run(f"EXAMINE {quoted(self._name)}").expect()

    def remove(self, uid: int) -> None:
        """Take a message out for good, as far as mail programs see. Raises StoreRefused."""
        for command in (
            f"SELECT {quoted(self._name)}",
            f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)",
            f"UID EXPUNGE {uid}",
            f"EXAMINE {quoted(self._name)}",
        ):
            self._connection.run(command).expect()
        if self.sizes(uid, uid):
            raise StoreRefused(f"UID {uid} is still there")


def _message(line: bytes) -> tuple[int, bytes] | None:
    """UID and content of a FETCH line with one literal."""
    literal, uid = _LITERAL.search(line), None
    if literal is None:
        return None
    end = literal.end() + int(literal[1])
    uid = _UID.search(line[: literal.start()]) or _UID.search(line[end:])
    return (int(uid[1]), line[literal.end() : end]) if uid else None
