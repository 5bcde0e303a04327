"""The address maps as Postfix itself asks them, by socketmap."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from casier.edge.conversations import Conversations, guarded
from casier.edge.maps import AddressMaps
from casier.edge.policy import SenderPolicy
from casier.edge.srs import Srs
from casier.edge.tokens import Tokens
from casier.kernel.published import AddressState, Delivery
from unit.edge_fakes import CAMILLE, OLD_NAME, Published

KEY = b"m" * 32


@pytest.fixture
def published() -> Published:
    records = Published()
    records.ours = {"ac-rouen.test"}
    records.addresses[CAMILLE] = AddressState(OLD_NAME, "store1", Delivery.READY)
    records.addresses["bientot@ac-rouen.test"] = AddressState("bientot@ac-rouen.test", "store1")
    return records


def postmap(published: Published, folder: Path, *keys: str) -> list[tuple[int, str]]:
    """What `postmap -q` answers for each of KEYS of the map `alias`: exit code and value."""
    (folder / "main.cf").write_text("compatibility_level = 3.6\n", encoding="ascii")

    async def scene() -> list[tuple[int, str]]:
        maps = AddressMaps(published, {}, Srs(KEY))
        talk = Conversations(Tokens(KEY), SenderPolicy(published, KEY, 1), maps)
        socket = folder / "map"
        async with await asyncio.start_unix_server(guarded(talk.address_maps), socket):
            return [await asyncio.to_thread(_ask, folder, f"socketmap:unix:{socket}:alias", k) for k in keys]

    return asyncio.run(scene())


def _ask(folder: Path, table: str, key: str) -> tuple[int, str]:
    command = ["postmap", "-c", str(folder), "-q", key, table]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return done.returncode, done.stdout.strip()


def test_addresses_and_sub_addresses(published: Published, tmp_path: Path) -> None:
    keys = (CAMILLE, "camille.martin+ecole@ac-rouen.test", "nobody+x@ac-rouen.test", "+x@ac-rouen.test")
    found, found_by_sub_address, *unknown = postmap(published, tmp_path, *keys)
    assert found == found_by_sub_address == (0, OLD_NAME)
    assert unknown == [(1, ""), (1, "")]


def test_a_sub_address_waits_as_the_address_does(published: Published, tmp_path: Path) -> None:
    for code, value in postmap(published, tmp_path, "bientot@ac-rouen.test", "bientot+x@ac-rouen.test"):
        assert code != 0
        assert not value


def test_a_mailbox_key_that_is_no_address_is_the_end(published: Published, tmp_path: Path) -> None:
    """Postfix asks again with what it got: nothing must come of it."""
    assert postmap(published, tmp_path, OLD_NAME) == [(1, "")]


def led(published: Published, **where: str) -> None:
    """Addresses that ended, and where each leads."""
    for name, target in where.items():
        address = f"{name}@ac-rouen.test"
        published.addresses[address] = AddressState(address, "store1", Delivery.READY, leads_to=target)


def test_mail_is_led_on_as_long_as_somebody_gets_it(published: Published, tmp_path: Path) -> None:
    led(published, anne="luc@ac-rouen.test", luc=CAMILLE, jean="jean@dehors.test")
    found = postmap(published, tmp_path, *(f"{name}@ac-rouen.test" for name in ("anne", "luc", "jean")))
    assert found == [(0, "luc@ac-rouen.test"), (0, CAMILLE), (0, "jean@dehors.test")]


def test_what_leads_to_nobody_or_in_circles_is_refused_at_once(published: Published, tmp_path: Path) -> None:
    """The sender learns of it while they are still there: nothing is taken in, to come back later."""
    led(published, anne="parti@ac-rouen.test", luc="anne@ac-rouen.test")
    led(published, one="two@ac-rouen.test", two="one@ac-rouen.test", own="own@ac-rouen.test")
    names = ("anne", "luc", "one", "two", "own")
    found = postmap(published, tmp_path, *(f"{name}@ac-rouen.test" for name in names))
    assert found == [(1, "")] * len(names)
