"""The worker's road to a store: mailboxes, quotas, rights, messages; and ending connections by the agent."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from casier.engines.cyrus.imap import Answer, ImapConnection, StoreRefused, quoted, words
from casier.engines.cyrus.rights import (
    OWNER_RIGHTS,
    PERSON_RIGHTS,
    READ_FOR_ALL,
    UNIQUE_ID,
    Rights,
    closing_commands,
    is_hidden,
    is_personal,
    rights_commands,
    rights_of,
    same_rights,
    value_of,
    with_those_above,
)
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance, Port
from casier.kernel.secret import Secret

ADMIN = "casier-admin"
AGENT_SECONDS = 25.0
MEND_SECONDS = 630.0  # the agent's own limit, and a little
# Names that every mail program knows, with their special use (RFC 6154).
FOLDERS: Mapping[str, str] = {
    "Drafts": "\\Drafts",
    "Sent": "\\Sent",
    "Trash": "\\Trash",
    "Junk": "\\Junk",
    "Archive": "\\Archive",
}
_AT_ONCE = 200
# Another folder, under whatever name its owner gave it, has that special use already.
_USE_TAKEN = "special-use flag conflict"


@dataclass(frozen=True, slots=True)
class StoredMailbox:
    """What the store holds for one mailbox key, as its admin sees it."""

    key: str
    folders: frozenset[str] = frozenset()
    quota_bytes: int | None = None
    rights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Torn:
    """A mailbox of whose last messages JMAP may know nothing; found WHEN.

    Not TORN: JMAP knows them all, and one may come again.
    """

    mark: str
    mailbox: str
    when: datetime
    torn: bool = True


class Store:
    """One Cyrus. Thread-safe; every method raises Unavailable when the store doesn't answer.

    PASSWORD makes the one-minute token for a login name.
    """

    def __init__(
        self, port: int, password: Callable[[str], Secret], agent: Path, host: str = "127.0.0.1"
    ) -> None:
        self._host, self._port, self._password, self._agent = host, port, password, agent
        self._idle: LifoQueue[ImapConnection] = LifoQueue()

    @classmethod
    def of(cls, instance: Instance, password: Callable[[str], Secret]) -> Store:
        """The store of an instance on one machine."""
        return cls(instance.port(Port.STORE_IMAP), password, instance.socket("agent", "casier", "agent.sock"))

    def close(self) -> None:
        """Hang up every idle connection."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    # Mailboxes ---------------------------------------------------------------------------------
    def ensure_mailbox(
        self,
        key: str,
        quota_bytes: int,
        folders: Mapping[str, str] = FOLDERS,
        rights: Rights | None = None,
        own: str = PERSON_RIGHTS,
    ) -> None:
        """Make the mailbox KEY what it must be: INBOX and FOLDERS (subscribed), quota, RIGHTS of others.

        Nothing is done where nothing is missing. RIGHTS None leaves others' alone; OWN are the owner's.
        """
        with self.person(key) as person:
            # What is subscribed: a list of all would make Cyrus look at every mailbox of the store.
            listed = person.run('LIST (SUBSCRIBED) "" "*" RETURN (SPECIAL-USE)').expect()
            there = dict(_own_folders(listed))
            new = "INBOX" not in there and self._create(key)
            for answer in self.admin_run(*self._quota_commands(key, quota_bytes, new=new)):
                answer.expect()
            self._set_own(key, own, new=new)
            _fill(person, there, folders, new=new)
        if rights is not None:
            self.set_rights(key, rights, own)

    def ensure_unopened(self, key: str, quota_bytes: int, folders: Mapping[str, str] = FOLDERS) -> None:
        """Make a mailbox whose owner can't log in now (suspended): mail for it must still arrive.

        Subscriptions are the owner's own and follow by `ensure_mailbox` once the owner is let in again.
        """
        self._create(key)
        self.set_quota(key, quota_bytes)
        commands = [
            f"CREATE {quoted(mailbox_name(key, name))} (USE ({use}))" for name, use in folders.items()
        ]
        for answer in self.admin_run(*commands):
            answer.expect("already exists")

    def _create(self, key: str) -> bool:
        """Make the INBOX; whether there was none."""
        return self.admin_run(f"CREATE {quoted(mailbox_name(key))}")[0].expect("already exists").ok

    def _quota_commands(self, key: str, quota_bytes: int, *, new: bool) -> list[str]:
        root, kilobytes = quoted(mailbox_name(key)), quota_bytes // 1024
        if not new and _quota_of(self.admin_run(f"GETQUOTA {root}")[0]) == kilobytes * 1024:
            return []
        return [f"SETQUOTA {root} (STORAGE {kilobytes})"]

    def set_quota(self, key: str, quota_bytes: int) -> None:
        """Set how much the mailbox may hold."""
        self.admin_run(*self._quota_commands(key, quota_bytes, new=True))[0].expect()

    def _set_own(self, key: str, own: str, *, new: bool) -> None:
        """The owner's own rights. Folders take over those of the one above them when they are made."""
        inbox = mailbox_name(key)
        held = {} if new else rights_of(self.admin_run(f"GETACL {quoted(inbox)}")[0])
        if same_rights(held.get(key, ""), own):
            return
        folders = ["INBOX"] if new else sorted(self.folders(key))
        names = [mailbox_name(key, folder) for folder in folders if not is_hidden(folder)]
        for answer in self.admin_run(*(f"SETACL {quoted(name)} {quoted(key)} {own}" for name in names)):
            answer.expect()

    def set_rights(self, key: str, wanted: Rights, own: str = OWNER_RIGHTS) -> None:
        """Make the rights of others on every folder of KEY exactly WANTED.

        What one of them has read is then read for all: they share the work, and the store counts only what
        is unread for the owner.
        """
        folders = sorted(self.folders(key))
        names = [mailbox_name(key, folder) for folder in folders]
        answers = self.admin_run(*(f"GETACL {quoted(name)}" for name in names))
        ids = self._folder_ids(key, folders) if wanted.only else {}
        commands: list[str] = []
        for folder, name, answer in zip(folders, names, answers, strict=True):
            closed = is_hidden(folder) and not wanted.with_all
            if closed or (wanted.but_personal and is_personal(folder)):
                # A new folder takes over the rights of the one above: also one that isn't for mail.
                commands += closing_commands(name, rights_of(answer), key)
                continue
            here = {**wanted.in_folder(ids.get(above, "") for above in with_those_above(folder)), key: own}
            commands += rights_commands(name, rights_of(answer), here)
            if len(here) > 1:
                commands.append(f"SETMETADATA {quoted(name)} {READ_FOR_ALL}")
        for answer in self.admin_run(*commands):
            answer.expect()

    def _folder_ids(self, key: str, folders: Sequence[str]) -> dict[str, str]:
        """The id of each folder, which it keeps under another name; JMAP calls it by that."""
        asked = (f"GETMETADATA {quoted(mailbox_name(key, folder))} {UNIQUE_ID}" for folder in folders)
        found = zip(folders, self.admin_run(*asked), strict=True)
        return {folder: value_of(answer) for folder, answer in found}

    def delete_mailbox(self, key: str) -> None:
        """Delete the mailbox with all its folders. The store keeps it restorable for its own delay.

        Raises StoreRefused when a folder of that name was deleted in this second: try again, it goes on.
        """
        self._delete(mailbox_name(key))
        # The store may refuse to delete one of them, and delete the one above all the same.
        for folder in self.folders(key):
            self._delete(mailbox_name(key, folder))

    def _delete(self, name: str) -> None:
        commands = f"SETACL {quoted(name)} {ADMIN} lrsxca", f"DELETE {quoted(name)}"
        self.admin_run(*commands)[1].expect("mailbox does not exist")

    def folders(self, key: str) -> set[str]:
        """The folders of KEY, INBOX among them; empty when there is no such mailbox."""
        patterns = f"({quoted(mailbox_name(key))} {quoted(mailbox_name(key, '*'))})"
        listed = self.admin_run(f'LIST "" {patterns}')[0].expect()
        return {folder for owner, folder in _listed(listed) if owner == key}

    def list_mailboxes(self) -> dict[str, set[str]]:
        """Every mailbox key of the store with its folders."""
        found: dict[str, set[str]] = {}
        for key, folder in _listed(self.admin_run('LIST "" "user/*"')[0].expect()):
            found.setdefault(key, set()).add(folder)
        return found

    def statuses(self) -> dict[str, dict[int, tuple[str, int]]]:
        """Of every mailbox key, its folders for mail: by their UIDVALIDITY the name and highest UID.

        All in one answer, a tenth of a millisecond a folder: asked one by one, each mailbox makes the store
        look at all of them.
        """
        found: dict[str, dict[int, tuple[str, int]]] = {}
        answer = self.admin_run('LIST "" "user/*" RETURN (STATUS (UIDNEXT UIDVALIDITY))')[0].expect()
        for line in answer.lines:
            tokens = words(line)
            if len(tokens) < 4 or tokens[1] != "STATUS":
                continue
            facts = dict(zip(tokens[4::2], tokens[5::2], strict=False))
            for key, folder in _named(tokens[2]):
                mine = found.setdefault(key, {})
                if not is_hidden(folder) and facts.keys() >= {"UIDNEXT", "UIDVALIDITY"}:
                    mine[int(facts["UIDVALIDITY"])] = (folder, int(facts["UIDNEXT"]) - 1)
        return found

    def quotas(self, keys: Sequence[str]) -> dict[str, int | None]:
        """The quota of each mailbox in bytes; None: no limit, or no mailbox."""
        answers = self.admin_run(*(f"GETQUOTA {quoted(mailbox_name(key))}" for key in keys))
        return {key: _quota_of(answer) for key, answer in zip(keys, answers, strict=True)}

    def usages(self, keys: Sequence[str]) -> dict[str, tuple[int, int | None]]:
        """How much each mailbox holds, and may hold, in bytes (None: no limit); who has none is left out."""
        answers = self.admin_run(*(f"GETQUOTA {quoted(mailbox_name(key))}" for key in keys))
        found = {key: _usage_of(answer) for key, answer in zip(keys, answers, strict=True)}
        return {key: usage for key, usage in found.items() if usage is not None}

    def rights(self, keys: Sequence[str]) -> dict[str, dict[str, str]]:
        """The rights of others on the INBOX of each mailbox."""
        answers = self.admin_run(*(f"GETACL {quoted(mailbox_name(key))}" for key in keys))
        found = {key: rights_of(answer) for key, answer in zip(keys, answers, strict=True)}
        return {
            key: {who: what for who, what in rights.items() if who != key} for key, rights in found.items()
        }

    # Messages ----------------------------------------------------------------------------------
    def append(
        self,
        key: str,
        message: bytes,
        *,
        folder: str = "INBOX",
        at: datetime | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        """Put a message into a folder of KEY, received AT, with FLAGS (`\\Seen`…)."""
        date = f' "{at:%d-%b-%Y %H:%M:%S %z}"' if at else ""
        head = f"APPEND {quoted(folder)} ({' '.join(flags)}){date} {{{len(message)}+}}\r\n".encode()
        with self.person(key) as own:
            own.run_patiently(head + message)

    # Connections -------------------------------------------------------------------------------
    def cut(self, key: str) -> None:
        """End every IMAP connection of KEY and refuse new ones. Mail is still received."""
        self.ask_agent({"do": "cut", "mailbox": key})

    def restore(self, key: str) -> None:
        """Let KEY connect again."""
        try:
            self.ask_agent({"do": "restore", "mailbox": key})
        except StoreRefused as error:
            # Cyrus makes the list of the denied with its first entry: without one, nobody is denied.
            if "failed to open deny db" not in str(error):
                raise

    # Torn databases ----------------------------------------------------------------------------
    def torn(self) -> list[Torn]:
        """What Cyrus found to be torn and nobody forgot yet. Raises StoreRefused too."""
        answer = self.ask_agent({"do": "torn"})
        return [
            Torn(found["mark"], found["mailbox"], datetime.fromisoformat(found["when"]), found["torn"])
            for found in answer.get("torn", ())
        ]

    def mend(self, key: str) -> None:
        """Make JMAP know of KEY's messages what the folders hold. Once more changes nothing."""
        self.ask_agent({"do": "mend", "mailbox": key}, MEND_SECONDS)

    def forget_torn(self, mark: str) -> None:
        """MARK is done with."""
        self.ask_agent({"do": "forget", "mark": mark})

    def ask_agent(self, request: Mapping[str, Any], seconds: float = AGENT_SECONDS) -> dict[str, Any]:
        """One order for the agent on the store's host. Raises StoreRefused and Unavailable."""
        try:
            with socket.socket(socket.AF_UNIX) as agent:
                agent.settimeout(seconds)
                agent.connect(str(self._agent))
                agent.sendall(json.dumps(request).encode() + b"\n")
                answer: dict[str, Any] = json.loads(agent.makefile("rb").readline() or b"{}")
        except (OSError, ValueError) as error:
            raise Unavailable(f"agent: {error}", part="agent") from error
        if not answer.get("ok"):
            raise StoreRefused(f"agent: {answer.get('error', 'no answer')}")
        return answer

    @contextmanager
    def person(self, key: str) -> Iterator[ImapConnection]:
        """A connection as the owner of KEY."""
        with ImapConnection(self._host, self._port, key, self._password(key)) as connection:
            yield connection

    @contextmanager
    def granted(self, key: str, folder: str) -> Iterator[ImapConnection]:
        """A connection of the platform's own that may read FOLDER of KEY and take messages out, for a while.

        For what the owner may not do: they are suspended, or have given up the right to read.
        """
        name = quoted(mailbox_name(key, folder))
        with self._admin() as connection:
            connection.run(f"SETACL {name} {ADMIN} lrsteixa").expect()
            try:
                yield connection
            finally:
                connection.run(f"DELETEACL {name} {ADMIN}")

    def admin_run(self, *commands: str) -> list[Answer]:
        """Run commands as admin on a connection of the pool; once more on a new one when it was stale."""
        answers: list[Answer] = []
        for start in range(0, len(commands), _AT_ONCE):
            answers += self._admin_batch(commands[start : start + _AT_ONCE])
        return answers

    def _admin_batch(self, commands: Sequence[str]) -> list[Answer]:
        try:
            connection = self._idle.get_nowait()
        except Empty:
            return self._run_and_keep(self._admin(), commands)
        try:
            return self._run_and_keep(connection, commands)
        except Unavailable:
            return self._run_and_keep(self._admin(), commands)

    def _admin(self) -> ImapConnection:
        return ImapConnection(self._host, self._port, ADMIN, self._password(ADMIN))

    def _run_and_keep(self, connection: ImapConnection, commands: Sequence[str]) -> list[Answer]:
        try:
            answers = connection.run_all(commands)
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)
        return answers


def mailbox_name(key: str, folder: str = "INBOX") -> str:
    """The admin's name of a folder: `user/jean.martin/Drafts@ac-x.fr`."""
    local, at, domain = key.rpartition("@")
    below = "" if folder == "INBOX" else f"/{folder}"
    return f"user/{local}{below}{at}{domain}"


def _listed(answer: Answer) -> Iterator[tuple[str, str]]:
    """Key and folder of each `LIST` line of the admin."""
    for line in answer.lines:
        tokens = words(line)
        if len(tokens) < 5 or tokens[1] != "LIST" or "\\NonExistent" in tokens:
            continue
        yield from _named(tokens[-1])


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Key and folder of what the admin calls `user/jean.martin/Drafts@ac-x.fr`; nothing for others' names."""
    path, at, domain = text.rpartition("@")
    kind, _, rest = (path if at else text).partition("/")
    local, *below = rest.split("/")
    if kind == "user" and local:
        yield (f"{local}@{domain}" if at else local), "/".join(below) or "INBOX"


def _own_folders(answer: Answer) -> Iterator[tuple[str, set[str]]]:
    """Name and attributes of each `LIST` line of a person."""
    for line in answer.lines:
        tokens = words(line)
        if len(tokens) > 5 and tokens[1] == "LIST" and "\\NonExistent" not in tokens:
            yield tokens[-1], {token for token in tokens[2:-2] if token.startswith("\\")}


def _fill(
    person: ImapConnection, subscribed: Mapping[str, set[str]], folders: Mapping[str, str], *, new: bool
) -> None:
    """Make and subscribe what a person's mailbox lacks. What they have unsubscribed from since stays so.

    A NEW one has nothing but its INBOX.
    """
    unseen = [name for name in folders if name not in subscribed]
    if new and not subscribed:
        _furnish(person, folders)
        return
    asked = person.run_all([f'LIST "" {quoted(name)}' for name in unseen])
    absent = [name for name, answer in zip(unseen, asked, strict=True) if not list(_own_folders(answer))]
    made = person.run_all([f"CREATE {quoted(name)} (USE ({folders[name]}))" for name in absent])
    taken = [name for name, answer in zip(absent, made, strict=True) if not answer.expect(_USE_TAKEN).ok]
    for answer in person.run_all([f"CREATE {quoted(name)}" for name in taken]):
        answer.expect("already exists")
    # The INBOX comes last: while it is not subscribed, the mailbox was never whole for its owner.
    wanted = absent if "INBOX" in subscribed else [*unseen, "INBOX"]
    for answer in person.run_all([f"SUBSCRIBE {quoted(name)}" for name in wanted]):
        answer.expect()


def _usage_of(answer: Answer) -> tuple[int, int | None] | None:
    for line in answer.lines:
        tokens = words(line)
        if "STORAGE" in tokens and tokens[1] == "QUOTA":
            place = tokens.index("STORAGE")
            return int(tokens[place + 1]) * 1024, int(tokens[place + 2]) * 1024
    return None


def _furnish(person: ImapConnection, folders: Mapping[str, str]) -> None:
    """Make and subscribe FOLDERS in one go, the INBOX last, as `_fill` does."""
    made = [f"CREATE {quoted(name)} (USE ({use}))" for name, use in folders.items()]
    for answer in person.run_all([*made, *(f"SUBSCRIBE {quoted(name)}" for name in (*folders, "INBOX"))]):
        answer.expect()


def _quota_of(answer: Answer) -> int | None:
    for line in answer.lines:
        tokens = words(line)
        if "STORAGE" in tokens and tokens[1] == "QUOTA":
            return int(tokens[tokens.index("STORAGE") + 2]) * 1024
    return None
