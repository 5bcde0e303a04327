"""Who may do what in the folders of a mailbox: its owner, and others."""

from __future__ import annotations

from collections.abc import Sequence

from casier.engines.cyrus.imap import quoted
from casier.engines.cyrus.rights import (
    OWNER_RIGHTS,
    READ_FOR_ALL,
    Rights,
    closing_commands,
    is_hidden,
    is_personal,
    rights_commands,
    rights_of,
    same_rights,
    with_those_above,
)
from casier.engines.cyrus.store.folders import Folders
from casier.engines.cyrus.store.names import mailbox_name


class FolderRights(Folders):
    """Rights that are there, and those that shall be."""

    def rights(self, keys: Sequence[str]) -> dict[str, dict[str, str]]:
        """The rights of others on the INBOX of each mailbox."""
        answers = self.admin_run(*(f"GETACL {quoted(mailbox_name(key))}" for key in keys))
        found = {key: rights_of(answer) for key, answer in zip(keys, answers, strict=True)}
        return {
            key: {who: what for who, what in rights.items() if who != key} for key, rights in found.items()
        }

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
