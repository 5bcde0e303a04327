"""Cyrus's configuration as rendered: its own checker knows every option; versions differ where they must."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casier.engines.cyrus.engine import Cyrus, memory
from casier.engines.cyrus.spec import CyrusSpec, installed_version
from casier.engines.engine import Facts
from casier.engines.supervise.apply import digest
from casier.kernel.instance import Instance
from engines.private_instance import private_instance

FACTS = Facts(domains=("ac-rouen.fr", "ac-normandie.fr"), public_host="mail.ac-rouen.fr")


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with private_instance() as made:
        yield made


def options(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict((part.strip() for part in line.split(":", 1)) for line in lines)


def rendered(spec: CyrusSpec, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    Cyrus().render(spec, folder)
    return folder


def test_its_own_checker_knows_every_option(instance: Instance) -> None:
    staging = rendered(Cyrus().spec(instance, FACTS), instance.etc / "checked")
    assert Cyrus().check(staging) == []


def test_its_own_checker_would_tell_of_a_wrong_one(instance: Instance) -> None:
    staging = rendered(Cyrus().spec(instance, FACTS), instance.etc / "wrong")
    with (staging / "imapd.conf").open("a") as file:
        file.write("conversationz: yes\n")
    assert any("conversationz" in line for line in Cyrus().check(staging))


def test_the_same_spec_gives_the_same_files(instance: Instance) -> None:
    spec = Cyrus().spec(instance, FACTS)
    assert digest(rendered(spec, instance.etc / "a")) == digest(rendered(spec, instance.etc / "b"))


def test_vacation_by_jmap_is_off_only_where_it_crashes(instance: Instance) -> None:
    spec = Cyrus().spec(instance, FACTS)
    old = rendered(replace(spec, version=(3, 6)), instance.etc / "old")
    new = rendered(replace(spec, version=(3, 10)), instance.etc / "new")
    assert options(old / "imapd.conf")["jmap_vacation"] == "no"
    assert "jmap_vacation" not in options(new / "imapd.conf")


def test_what_the_indexer_forgot_is_looked_for_where_it_forgets(instance: Instance) -> None:
    spec = Cyrus().spec(instance, FACTS)
    old = rendered(replace(spec, version=(3, 6)), instance.etc / "before")
    new = rendered(replace(spec, version=(3, 10)), instance.etc / "since")
    forgotten = f'squatter -C {spec.etc}/imapd.conf -Z" at='
    assert forgotten not in (old / "cyrus.conf").read_text()
    assert forgotten in (new / "cyrus.conf").read_text()
    assert "search_batchsize" not in (old / "imapd.conf").read_text()
    assert "search_batchsize: 1000" in (new / "imapd.conf").read_text()


def test_what_sieve_sends_takes_its_own_road(instance: Instance) -> None:
    folder = rendered(Cyrus().spec(instance, FACTS), instance.etc / "roads")
    by_jmap, by_sieve = (options(folder / name)["smtp_host"] for name in ("imapd.conf", "lmtpd.conf"))
    assert by_jmap != by_sieve


def test_invitations_are_delivered_for_every_domain_and_nobodys_is_stripped(instance: Instance) -> None:
    values = options(rendered(Cyrus().spec(instance, FACTS), instance.etc / "domains") / "imapd.conf")
    assert set(values["calendar_user_address_set"].split()) == set(FACTS.domains)
    assert values["defaultdomain"] not in FACTS.domains


def test_the_allocator_is_there_and_can_be_loaded() -> None:
    chosen = memory()
    assert any(word.startswith("LD_PRELOAD=") for word in chosen)
    said = subprocess.run(["/usr/bin/env", *chosen, "/bin/true"], capture_output=True, check=True)
    assert said.stderr == b""


def test_where_the_allocator_is_missing_the_c_library_keeps_its_memory(tmp_path: Path) -> None:
    chosen = memory(tmp_path / "libjemalloc.so.2")
    assert not any(word.startswith("LD_PRELOAD=") for word in chosen)
    assert any(word.startswith("MALLOC_TRIM_THRESHOLD_=") for word in chosen)


def test_nothing_listens_beyond_loopback(instance: Instance) -> None:
    text = (rendered(Cyrus().spec(instance, FACTS), instance.etc / "doors") / "cyrus.conf").read_text()
    doors = [word.split('"')[1] for word in text.split() if word.startswith("listen=")]
    assert doors
    assert all(door.startswith(("127.0.0.1:", "/")) for door in doors)


def test_only_cyrus_reads_the_key_of_the_tokens(instance: Instance) -> None:
    key = rendered(Cyrus().spec(instance, FACTS), instance.etc / "key") / "jwt" / "casier.pem"
    assert key.stat().st_mode & 0o777 == 0o400


def test_the_installed_version_is_known() -> None:
    assert installed_version() >= (3, 6)
