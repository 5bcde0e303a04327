"""What the journeys' quick way to the command line does is what `./casier` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeys.commands import Commands
from journeys.doors import BECAUSE
from journeys.running import RunningInstance

pytestmark = pytest.mark.journey
ADDRESS = "karim.haddad@ac-rouen.fr"


@pytest.mark.parametrize(
    "words",
    [
        ("account", "show", ADDRESS, "--json"),
        ("account", "show", "personne@ac-rouen.fr"),
        ("account", "show", "--nothing"),
        ("policy", "check", "/nowhere.toml"),
    ],
)
def test_both_ways_say_the_same_and_end_the_same(instance: RunningInstance, words: tuple[str, ...]) -> None:
    commands = Commands(instance.root)
    instance.clients.callback(commands.close)
    both = [commands.run(*words) for _ in range(2)]
    assert len({(done.returncode, done.stdout, done.stderr) for done in both}) == 1
    assert both[0].stdout or both[0].stderr


def test_both_ways_read_what_only_root_may_and_are_one_person(
    instance: RunningInstance, tmp_path: Path
) -> None:
    commands = Commands(instance.root)
    instance.clients.callback(commands.close)
    hidden = tmp_path / "policy.toml"
    hidden.write_text("no policy")
    hidden.chmod(0o600)
    read = [commands.run("policy", "check", str(hidden)) for _ in range(2)]
    assert read[0].stderr == read[1].stderr
    assert "TOML" in read[1].stderr
    for _ in range(2):
        commands.run("identity", "sign-out", ADDRESS, *BECAUSE)
    told = instance.json("journal", "list", "--target", ADDRESS, "-n", "2")
    assert [row["action"] for row in told] == ["identity.sessions_ended"] * 2
    assert told[0]["actor"] == told[1]["actor"]
