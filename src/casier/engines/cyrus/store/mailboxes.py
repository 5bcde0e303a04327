"""Making a mailbox what it must be, whatever of it is there."""

from __future__ import annotations

from collections.abc import Mapping

from casier.engines.cyrus.imap import ImapConnection, quoted
from casier.engines.cyrus.rights import PERSON_RIGHTS, Rights
from casier.engines.cyrus.store.names import mailbox_name, own_folders
from casier.engines.cyrus.store.rights import FolderRights
from casier.engines.cyrus.store.usage import Usage

# Names that every mail program knows, with their special use (RFC 6154).
FOLDERS: Mapping[str, str] = {
    "Drafts": "\\Drafts",
    "Sent": "\\Sent",
    "Trash": "\\Trash",
    "Junk": "\\Junk",
    "Archive": "\\Archive",
}
# Another folder, under whatever name its owner gave it, has that special use already.
_USE_TAKEN = "special-use flag conflict"


class Mailboxes(FolderRights, Usage):
    """INBOX and folders, quota and rights at once."""

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
            there = dict(own_folders(listed))
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
    absent = [name for name, answer in zip(unseen, asked, strict=True) if not list(own_folders(answer))]
    made = person.run_all([f"CREATE {quoted(name)} (USE ({folders[name]}))" for name in absent])
    taken = [name for name, answer in zip(absent, made, strict=True) if not answer.expect(_USE_TAKEN).ok]
    for answer in person.run_all([f"CREATE {quoted(name)}" for name in taken]):
        answer.expect("already exists")
    # The INBOX comes last: while it is not subscribed, the mailbox was never whole for its owner.
    wanted = absent if "INBOX" in subscribed else [*unseen, "INBOX"]
    for answer in person.run_all([f"SUBSCRIBE {quoted(name)}" for name in wanted]):
        answer.expect()


def _furnish(person: ImapConnection, folders: Mapping[str, str]) -> None:
    """Make and subscribe FOLDERS in one go, the INBOX last, as `_fill` does."""
    made = [f"CREATE {quoted(name)} (USE ({use}))" for name, use in folders.items()]
    for answer in person.run_all([*made, *(f"SUBSCRIBE {quoted(name)}" for name in (*folders, "INBOX"))]):
        answer.expect()
