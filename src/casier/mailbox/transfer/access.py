"""Which folders of a mailbox somebody takes out: all of their own, of another's what the store lets them."""

from __future__ import annotations

from casier.directory.models import Account
from casier.engines.cyrus.deleted import DeletedMail, is_mail
from casier.mailbox.importing.names import decode
from casier.mailbox.restoring.access import reach_of
from casier.mailbox.restoring.errors import NotYourMailbox
from casier.mailbox.stores import store_named


def open_folders(account: Account, key: str) -> tuple[str, ...] | None:
    """The folders of KEY that are open to ACCOUNT, as people write them; None: it is theirs. Asked each time.

    Raises NotYourMailbox, Unavailable.
    """
    store = store_named(account.store.name)
    reach = reach_of(account, key, store)
    if reach.own:
        return None
    names = sorted(filter(is_mail, store.folders(key)))
    rights = DeletedMail(store, key).rights(names)
    return tuple(decode(name) for name, held in zip(names, rights, strict=True) if reach.covers(held))


def check_whole(account: Account, key: str) -> None:
    """Return if all of the mailbox KEY is open to ACCOUNT: what comes in may go to any folder of it.

    Raises NotYourMailbox, Unavailable.
    """
    folders = open_folders(account, key)
    if folders is not None:
        there = filter(is_mail, store_named(account.store.name).folders(key))
        if not {decode(name) for name in there} <= set(folders):
            raise NotYourMailbox(mailbox=key)
