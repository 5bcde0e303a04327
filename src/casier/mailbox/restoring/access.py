"""Who may bring back what: the owner, and whoever may delete and file in the mailbox by the store's rights.

The rights are asked of the store each time, folder by folder: they are what the delegations, the functional
mailboxes and shared folders come down to.
"""

from __future__ import annotations

from dataclasses import dataclass

from casier.directory.access import owner_of
from casier.directory.life import ENDED
from casier.directory.models import Account, FunctionalMailbox
from casier.engines.cyrus.store import Store
from casier.mailbox.restoring.errors import NotYourMailbox

# To see what was there, and to put it there (RFC 4314); to have deleted it.
_NEEDED = frozenset("rite")
_FOLDERS = frozenset("kx")


@dataclass(frozen=True, slots=True)
class Reach:
    """A mailbox that someone may bring things back in; WHO is the login that the store knows them by."""

    key: str
    who: str
    own: bool
    folders_too: bool

    def covers(self, rights: dict[str, str]) -> bool:
        """Whether a folder with these RIGHTS is among what they may bring back."""
        return self.own or set(rights.get(self.who, "")) >= _NEEDED


def reach_of(account: Account, key: str, store: Store) -> Reach:
    """What ACCOUNT may do in the mailbox KEY. Raises NotYourMailbox, for one that isn't there too."""
    if key == account.mailbox_key:
        return Reach(key, account.mailbox_key, own=True, folders_too=True)
    if not _is_open(key):
        raise NotYourMailbox(mailbox=key)
    rights = set(store.rights([key])[key].get(account.mailbox_key, ""))
    if not rights >= _NEEDED:
        raise NotYourMailbox(mailbox=key)
    return Reach(key, account.mailbox_key, own=False, folders_too=rights >= _FOLDERS)


def whole(key: str) -> Reach:
    """All of the mailbox KEY, for an operator."""
    return Reach(key, key, own=True, folders_too=True)


def _is_open(key: str) -> bool:
    match owner_of(key):
        case FunctionalMailbox(is_closed=False):
            return True
        case Account(state=state):
            return state not in ENDED
    return False
