"""Rspamd's configuration as Rspamd itself reads it."""

from __future__ import annotations

import pwd
import stat
from pathlib import Path

import pytest

from casier.engines.engine import Facts
from casier.engines.rspamd.engine import Rspamd
from casier.kernel.instance import Instance

FACTS = Facts(domains=("ac-deux.test", "ac-un.test"), public_host="mail.ac-un.test")
KEYS = {"header": "ab" * 32, "internal": "cd" * 32}


def instance(folder: Path, **settings: object) -> Instance:
    (folder / "secrets").mkdir(exist_ok=True)
    for name, text in KEYS.items():
        (folder / "secrets" / f"{name}.key").write_text(text)
    return Instance(folder, 700, settings=settings)


def rendered(folder: Path, facts: Facts = FACTS, name: str = "staging", **settings: object) -> Path:
    engine = Rspamd()
    engine.render(engine.spec(instance(folder, **settings), facts), folder / name)
    return folder / name


@pytest.mark.parametrize(
    ("facts", "settings"),
    [
        (FACTS, {}),
        (FACTS, {"outside": "direct"}),
        (Facts(resolvers=("192.0.2.53",), domains=("ac-un.test",)), {}),
        (Facts(), {}),
    ],
    ids=["no DNS", "the machine's DNS", "a resolver", "no domain yet"],
)
def test_rspamd_finds_nothing_wrong(tmp_path: Path, facts: Facts, settings: dict[str, object]) -> None:
    assert Rspamd().check(rendered(tmp_path, facts, **settings)) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("lua/scan.lua", "\nlocal function broken(\n"),
        ("lua/senders.lua", "\nno_such_function()\n"),
        ("local.d/options.inc", "\ndns { timeout = \n"),
        ("casier.conf", "\ncasier {\n"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, file: str, text: str) -> None:
    staging = rendered(tmp_path)
    with (staging / file).open("a") as opened:
        opened.write(text)
    assert Rspamd().check(staging)


def test_a_rule_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    staging = rendered(tmp_path)
    (staging / "lua" / "senders.lua").unlink()
    assert Rspamd().check(staging)


def test_the_keys_are_for_rspamd_alone(tmp_path: Path) -> None:
    staging = rendered(tmp_path)
    group = pwd.getpwnam("_rspamd").pw_gid
    for path in [staging, *staging.rglob("*")]:
        state = path.stat()
        assert (state.st_uid, state.st_gid) == (0, group), path
        assert stat.S_IMODE(state.st_mode) == (0o750 if path.is_dir() else 0o640), path


def test_secrets_do_not_print(tmp_path: Path) -> None:
    spec = Rspamd().spec(instance(tmp_path), FACTS)
    assert not any(key in repr(spec) for key in KEYS.values())


def test_the_same_spec_gives_the_same_files(tmp_path: Path) -> None:
    one, other = rendered(tmp_path), rendered(tmp_path, name="again")
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
