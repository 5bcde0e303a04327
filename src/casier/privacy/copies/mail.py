"""The mailbox in a copy: mail, contacts, agendas, files sent by link. Also of whoever is out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from casier.directory.life import OUT
from casier.directory.models import Account, AccountState
from casier.edge.tokens import Tokens
from casier.engines.cyrus.deleted import is_mail
from casier.engines.cyrus.store import Store, mailbox_name
from casier.kernel.instance import Instance, Port
from casier.mailbox.arrivals.folders import Moved
from casier.mailbox.importing.appending import StoreConnection
from casier.mailbox.importing.names import decode
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.storage import storage_for
from casier.mailbox.stores import store_named
from casier.mailbox.transfer import archive, exporting, mail
from casier.mailbox.transfer.archive import Zip
from casier.mailbox.transfer.dav import dav_of
from casier.mailbox.transfer.names import file_name, unique

FILES = "Fichiers"


def size_of(account: Account) -> int:
    """How many octets ACCOUNT's mailbox holds: a copy of it takes no more. Raises Unavailable."""
    if account.state == AccountState.PURGED or account.provisioned_at is None:
        return 0
    used = store_named(account.store.name).usages([account.mailbox_key]).get(account.mailbox_key)
    return used[0] if used else 0


def add_mailbox(
    into: Zip, account: Account, instance: Instance, now: datetime, progress: exporting.Progress
) -> None:
    """All of ACCOUNT's mailbox, as an export has it. Raises Unavailable, and what PROGRESS.tell raises."""
    if account.state == AccountState.PURGED or account.provisioned_at is None:
        return
    key, store = account.mailbox_key, store_named(account.store.name)
    is_out = account.state in OUT
    if is_out:
        _mail_of_who_is_out(into, store, key, now, progress)
    tokens, port = Tokens(instance.key("token")), instance.port(Port.STORE_IMAP)

    def own() -> StoreConnection:
        return StoreConnection(port, key, tokens.make(key, time.time()))

    wanted = exporting.Wanted(key, None, mail=not is_out, contacts=True, agendas=True)
    with dav_of(instance, key) as dav:
        exporting.fill(into, wanted, own, dav, now, progress)


def _mail_of_who_is_out(
    into: Zip, store: Store, key: str, now: datetime, progress: exporting.Progress
) -> None:
    """They can't connect: the platform reads for them, folder by folder."""
    taken: set[str] = set()
    for folder in sorted(filter(is_mail, store.folders(key)), key=lambda name: (name != "INBOX", name)):
        directory = unique("/".join(file_name(step) for step in decode(folder).split("/")), taken)
        with suppress(Moved), store.granted(key, folder) as reader:
            contents = mail.messages(reader, decode(mailbox_name(key, folder)))
            for _ in archive.add_folder(into, directory, contents, now):
                progress.done += 1
                progress.octets = into.octets
                progress.tell(progress)


def add_files(into: Zip, account: Account, instance: Instance) -> int:
    """What ACCOUNT sent by link, as far as it is still there; how many files."""
    taken: set[str] = set()
    count = 0
    for link in Link.objects.filter(account=account, state=State.READY, emptied_at=None).order_by(
        "created_at"
    ):
        name = unique(f"{link.created_at:%Y-%m-%d} {file_name(link.name, 150)}", taken)
        with suppress(FileNotFoundError):
            into.add(f"{FILES}/{name}", _bytes_of(link, instance), link.created_at)
            count += 1
    return count


def _bytes_of(link: Link, instance: Instance) -> Iterator[bytes]:
    return storage_for(instance, link.storage).read(link.id)
