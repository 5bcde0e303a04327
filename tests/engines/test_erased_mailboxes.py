"""A real Cyrus: a mailbox that is erased leaves nothing on the disk, and its neighbours everything."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from casier.engines.cyrus.erasing import Erasing
from casier.engines.cyrus.imap import StoreRefused, quoted
from casier.engines.cyrus.store import Store, mailbox_name
from casier.kernel.instance import Instance
from casier.mailbox.filters.store import ScriptStore
from casier.mailbox.sending.jmap import Jmap
from engines.store_alone import store_alone, store_of

pytestmark = pytest.mark.engines
OWN, OTHER = "jean.martin@essai.test", "jean.martin1@essai.test"
WORD = "zebulon"


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with store_alone() as instance:
        yield instance


@pytest.fixture
def store(instance: Instance) -> Iterator[Store]:
    with store_of(instance, OWN, OTHER) as store:
        yield store


def put(store: Store, key: str, folder: str) -> None:
    text = f"From: lea@x.fr\r\nTo: {key}\r\nSubject: {WORD}\r\n\r\nBonjour {WORD}\r\n".encode()
    store.append(key, text, folder=folder)


def scripts(instance: Instance, key: str) -> ScriptStore:
    return ScriptStore(Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt")), key)


def files_with(root: Path, word: str) -> set[str]:
    """Every file of the store that holds WORD; the list of mailboxes may keep names that were."""
    found = subprocess.run(["grep", "-rla", word, "."], cwd=root, capture_output=True, text=True, check=False)
    return {name for name in found.stdout.split() if "mailboxes.db" not in name}


def test_nothing_is_left_and_the_neighbour_keeps_everything(instance: Instance, store: Store) -> None:
    with store.person(OWN) as own:
        own.run('CREATE "Classe"').expect()
        own.run('CREATE "Vieux"').expect()
    for name in ("#calendars", "#calendars/Default", "#addressbooks", "#addressbooks/Default"):
        store.admin_run(f"CREATE {quoted(mailbox_name(OWN, name))}")
    for key, folder in ((OWN, "INBOX"), (OWN, "Classe"), (OWN, "Vieux"), (OTHER, "INBOX")):
        put(store, key, folder)
    with store.person(OWN) as own:
        own.run('DELETE "Vieux"').expect()
    rules = scripts(instance, OWN)
    rules.write('require ["fileinto"];\r\nfileinto "Classe";\r\n', rules.read())
    erasing = Erasing(store, OWN)
    held = erasing.held()
    assert (held.messages, held.agendas, held.address_books, held.deleted_folders) == (2, 1, 1, 1)
    # What the sweep says is true: before, there is much, and a mailbox that is there is never swept.
    assert erasing.left(held.ids)
    assert Erasing(store, OWN).held() == held
    erasing.erase()
    assert erasing.left(held.ids) == []
    erasing.erase()
    root = instance.data / "cyrus"
    assert not any(folder in name for folder in held.ids for name in _names(root))
    spared = {name for name in files_with(root, WORD) if "/spool/" in f"/{name}"}
    assert spared
    assert Erasing(store, OTHER).held().messages == 1
    with store.person(OTHER) as other:
        other.run('EXAMINE "INBOX"').expect()


def _names(root: Path) -> Iterator[str]:
    return (str(path) for path in root.rglob("*") if "/lock/" not in str(path))


def test_the_agent_sweeps_nothing_else(store: Store) -> None:
    for ids in (["../../../../etc"], ["x"], "all", ["a" * 24] * 300):
        with pytest.raises(StoreRefused):
            store.ask_agent({"do": "sweep", "mailbox": OWN, "ids": ids})
