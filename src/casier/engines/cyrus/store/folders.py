"""Which mailboxes and folders a store has."""

from __future__ import annotations

from collections.abc import Sequence

from casier.engines.cyrus.imap import quoted, words
from casier.engines.cyrus.rights import UNIQUE_ID, is_hidden, value_of
from casier.engines.cyrus.store.connections import ADMIN, Connections
from casier.engines.cyrus.store.names import listed, mailbox_name, named


class Folders(Connections):
    """What is there, and its end."""

    def folders(self, key: str) -> set[str]:
        """The folders of KEY, INBOX among them; empty when there is no such mailbox."""
        patterns = f"({quoted(mailbox_name(key))} {quoted(mailbox_name(key, '*'))})"
        answer = self.admin_run(f'LIST "" {patterns}')[0].expect()
        return {folder for owner, folder in listed(answer) if owner == key}

    def list_mailboxes(self) -> dict[str, set[str]]:
        """Every mailbox key of the store with its folders."""
        found: dict[str, set[str]] = {}
        for key, folder in listed(self.admin_run('LIST "" "user/*"')[0].expect()):
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
            for key, folder in named(tokens[2]):
                mine = found.setdefault(key, {})
                if not is_hidden(folder) and facts.keys() >= {"UIDNEXT", "UIDVALIDITY"}:
                    mine[int(facts["UIDVALIDITY"])] = (folder, int(facts["UIDNEXT"]) - 1)
        return found

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
