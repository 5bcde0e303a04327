"""Mailboxes that were left half made, or whose owner took something away: they become whole again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casier.engines.cyrus.store import FOLDERS, Store
from engines.store_alone import deleted, store_alone, store_of

pytestmark = pytest.mark.engines
SPACE = 5_000_000


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with store_alone() as instance, store_of(instance) as store:
        yield store


def seen(store: Store, key: str) -> tuple[set[str], set[str]]:
    """The folders that KEY's owner is subscribed to, and the special uses that there are."""
    with store.person(key) as own:
        lines = own.run('LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE)').expect().lines
    words = [line.replace(b"(", b" ").replace(b")", b" ").split() for line in lines if b" LIST " in line]
    subscribed = {line[-1].strip(b'"').decode() for line in words if b"\\Subscribed" in line}
    return subscribed, {use for line in words for use in FOLDERS.values() if use.encode() in line}


WHOLE = ({"INBOX", *FOLDERS}, set(FOLDERS.values()))


def test_one_made_while_its_owner_was_shut_out_is_whole_when_they_are_let_in(store: Store) -> None:
    key = "shut.out@essai.test"
    store.ensure_unopened(key, SPACE)
    store.ensure_unopened(key, SPACE)
    store.ensure_mailbox(key, SPACE)
    assert seen(store, key) == WHOLE


def test_one_whose_making_was_cut_after_the_folders(store: Store) -> None:
    key = "cut@essai.test"
    store.admin_run(f"CREATE user/{key}")[0].expect()
    with store.person(key) as own:
        for name, use in FOLDERS.items():
            own.run(f"CREATE {name} (USE ({use}))").expect()
    store.ensure_mailbox(key, SPACE)
    assert seen(store, key) == WHOLE


def test_what_its_owner_did_to_its_folders_stays(store: Store) -> None:
    key = "fewer@essai.test"
    store.ensure_mailbox(key, SPACE)
    with store.person(key) as own:
        own.run("UNSUBSCRIBE Archive").expect()
        own.run("UNSUBSCRIBE Trash").expect()
    store.ensure_mailbox(key, SPACE)
    subscribed, uses = seen(store, key)
    assert subscribed == {"INBOX", *FOLDERS} - {"Archive", "Trash"}
    assert uses == set(FOLDERS.values())


def test_a_use_that_another_folder_has_is_left_to_it(store: Store) -> None:
    key = "taken@essai.test"
    store.admin_run(f"CREATE user/{key}")[0].expect()
    with store.person(key) as own:
        own.run("CREATE Corbeille (USE (\\Trash))").expect()
    store.ensure_mailbox(key, SPACE)
    subscribed, uses = seen(store, key)
    assert subscribed == {"INBOX", *FOLDERS}
    assert uses == set(FOLDERS.values())


def test_a_deleted_one_leaves_no_folder_behind(store: Store) -> None:
    """Cyrus names what it keeps of a folder by the second, refuses the same twice, and deletes the rest."""
    key = "gone@essai.test"
    for _ in range(12):
        store.ensure_mailbox(key, SPACE)
        deleted(store, key)
        assert store.folders(key) == set()
