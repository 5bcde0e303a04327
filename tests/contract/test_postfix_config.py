"""Postfix's configuration as Postfix itself reads it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from casier.engines.engine import EngineError, Facts
from casier.engines.postfix.engine import Postfix
from casier.engines.postfix.spec import Outside
from casier.kernel.instance import Instance

FACTS = Facts(domains=("ac-un.test",), public_host="mail.ac-un.test", attachment_bytes=100_000_000)


def rendered(folder: Path, facts: Facts = FACTS, **settings: object) -> Path:
    engine = Postfix()
    staging = folder / "staging"
    engine.render(engine.spec(Instance(folder, 700, settings=settings), facts), staging)
    return staging


def asked(staging: Path, name: str) -> str:
    command = ["postconf", "-c", str(staging), "-hx", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "settings", [{}, {"outside": "hold"}, {"outside": "direct"}, {"relayhost": "[relais.example]:587"}]
)
def test_postfix_finds_nothing_wrong(tmp_path: Path, settings: dict[str, object]) -> None:
    assert Postfix().check(rendered(tmp_path, **settings)) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("main.cf", "smtpd_forbid_bare_newlines = yes"),
        ("main.cf", "virtual_alias_maps = ${unclosed"),
        ("master.cf", "8025 inet n - n - -"),
        ("master.cf", "autre unix - - n - - smtp\n  -o smtpd_no_such_thing=1"),
        ("strip_all", "/unclosed( IGNORE"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, file: str, line: str) -> None:
    staging = rendered(tmp_path)
    with (staging / file).open("a") as text:
        text.write(f"\n{line}\n")
    assert Postfix().check(staging)


def test_the_same_spec_gives_the_same_files(tmp_path: Path) -> None:
    one, other = rendered(tmp_path), tmp_path / "again"
    Postfix().render(Postfix().spec(Instance(tmp_path, 700), FACTS), other)
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_nothing_leaves_unless_someone_said_so(tmp_path: Path) -> None:
    held = asked(rendered(tmp_path), "default_transport")
    assert held.startswith("lmtp:unix:")
    assert not Path(held.removeprefix("lmtp:unix:")).exists()
    assert asked(rendered(tmp_path, outside="direct"), "default_transport") == "smtp"
    relayed = rendered(tmp_path, relayhost="[relais.example]:587")
    assert (asked(relayed, "default_transport"), asked(relayed, "relayhost")) == (
        "smtp",
        "[relais.example]:587",
    )


@pytest.mark.parametrize("settings", [{"outside": "maybe"}, {"relayhost": "a b"}, {"relayhost": "x;y"}])
def test_a_wrong_setting_is_refused(tmp_path: Path, settings: dict[str, object]) -> None:
    with pytest.raises(EngineError):
        rendered(tmp_path, **settings)


def test_a_message_may_be_40_percent_larger_than_its_attachments(tmp_path: Path) -> None:
    staging = rendered(tmp_path)
    limit = int(asked(staging, "message_size_limit"))
    assert limit == 140_000_000
    assert int(asked(staging, "queue_minfree")) >= limit * 3 // 2


def test_every_road_has_its_milter_name_and_no_road_lets_mail_by(tmp_path: Path) -> None:
    staging = rendered(tmp_path)
    services = (staging / "master.cf").read_text().split("\n# --- into the queue")[0]
    roads = [block for block in services.split("\n\n") if "smtpd" in block]
    assert len(roads) == 5
    assert len({line for block in roads for line in block.splitlines() if "daemon_name" in line}) == 5
    assert all("smtpd_relay_restrictions" in block or "casier_public_recipient" in block for block in roads)
    assert not any("smtpd_milters" in block for block in roads)
    assert asked(staging, "milter_default_action") == "tempfail"


def test_only_the_public_port_is_open_to_others(tmp_path: Path) -> None:
    lines = (rendered(tmp_path) / "master.cf").read_text().splitlines()
    open_ports = [
        line.split()[0] for line in lines if " inet " in line and not line.startswith(("#", "127."))
    ]
    assert open_ports == ["8725"]


def test_the_outside_is_one_of_three() -> None:
    spec = Postfix().spec(Instance(Path("/tmp/casier-x")), FACTS)
    assert spec.outside is Outside.HOLD
    assert replace(spec, message_bytes=1000).queue_minfree == 1500
