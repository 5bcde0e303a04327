"""The worker's road to a store: mailboxes, quotas, rights, messages; and ending connections by the agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casier.engines.cyrus.imap import StoreRefused, quoted
from casier.engines.cyrus.store.connections import ADMIN
from casier.engines.cyrus.store.mailboxes import FOLDERS, Mailboxes
from casier.engines.cyrus.store.names import mailbox_name

__all__ = ["ADMIN", "FOLDERS", "Store", "Torn", "mailbox_name"]
MEND_SECONDS = 630.0  # the agent's own limit, and a little


@dataclass(frozen=True, slots=True)
class Torn:
    """A mailbox of whose last messages JMAP may know nothing; found WHEN.

    Not TORN: JMAP knows them all, and one may come again.
    """

    mark: str
    mailbox: str
    when: datetime
    torn: bool = True


class Store(Mailboxes):
    """One Cyrus. Thread-safe; every method raises Unavailable when the store doesn't answer.

    PASSWORD makes the one-minute token for a login name.
    """

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
