"""A database that can't be used is told in a sentence by whatever meets it: start, commands, status."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from casier.boot.layout import open_instance
from casier.boot.platform_commands import CommandFailed, run_module
from casier.boot.start import prepare_platform
from casier.boot.status import database_trouble
from casier.boot.testing import private_postgresql
from casier.kernel.instance import Instance
from engines.private_instance import private_instance

pytestmark = pytest.mark.engines
SECRET = "S3cret-Zebra"
CASIER = Path(__file__).resolve().parents[2] / "casier"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL: `owner` has the database `mail`, `guest` is let into it, both with a password."""

    folder: Path

    def url(self, user: str = "owner", password: str = SECRET, name: str = "mail", folder: str = "") -> str:
        return f"postgresql://{user}:{password}@/{name}?host={folder or self.folder}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with private_postgresql() as url:
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        folder.chmod(0o755)
        with psycopg.connect(url, autocommit=True) as admin:
            for user in ("owner", "guest"):
                admin.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{SECRET}'")
            admin.execute("CREATE DATABASE mail OWNER owner")
            (folder / "data" / "pg_hba.conf").write_text(
                "local all owner,guest scram-sha-256\nlocal all all trust\n"
            )
            admin.execute("SELECT pg_reload_conf()")
        yield Server(folder)


@pytest.fixture
def instance() -> Iterator[Instance]:
    with private_instance() as made:
        yield made


def using(instance: Instance, url: str) -> Instance:
    return open_instance(instance.root, None, url)


def started(instance: Instance) -> str:
    """What a start says of its database; empty where it goes on."""
    try:
        prepare_platform(instance)
    except CommandFailed as told:
        return str(told)
    return ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"folder": "/run/no-such-folder"}, "le dossier /run/no-such-folder n’existe pas"),
        ({"folder": "/run"}, "rien n’écoute"),
        ({"password": "wrong"}, "l’utilisateur owner ou son mot de passe est refusé"),
        ({"name": "nowhere"}, "la base nowhere n’existe pas"),
        ({"user": "nobody_known"}, "l’utilisateur nobody_known n’existe pas"),
        ({"user": "guest"}, "ALTER DATABASE"),
    ],
    ids=str,
)
def test_a_start_says_what_is_wrong_and_what_to_do(
    instance: Instance, server: Server, change: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    told = started(using(instance, server.url(**change)))
    assert said in told
    assert "Traceback" not in told
    assert SECRET not in told
    assert len(told.splitlines()) <= 3


def test_a_folder_that_the_service_cannot_enter_is_named(
    instance: Instance, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    closed = instance.root / "closed"
    closed.mkdir(mode=0o700)
    (closed / "pg").symlink_to(server.folder)
    told = started(using(instance, server.url(folder=f"{closed}/pg")))
    assert f"l’utilisateur casier ne peut pas entrer dans {closed}." in told
    assert f"chmod o+x {closed}" in told


def test_tables_that_are_missing_then_made_then_away(
    instance: Instance, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same instance before its first start, after it, and when the server has gone."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    here = using(instance, server.url())
    assert "Run ./casier start" in database_trouble(here)
    assert command(here, "feed", "runs") == (1, "lacks the tables")
    assert started(here) == ""
    assert database_trouble(here) == ""
    assert command(here, "feed", "runs")[0] == 0
    hidden = server.folder / ".s.PGSQL.5432"
    hidden.rename(server.folder / "away")
    try:
        assert "nothing listens" in database_trouble(here)
        assert command(here, "feed", "runs") == (75, "nothing listens")
        assert command(here, "person", "erase", "x@ac-rouen.fr") == (75, "nothing listens")
        assert "nothing listens" in started(here)
    finally:
        (server.folder / "away").rename(hidden)


def command(instance: Instance, *words: str) -> tuple[int, str]:
    """The exit code of a command as its user runs it, and which of the known reasons it gave."""
    done = subprocess.run(
        [CASIER, *words, "--instance", instance.root], capture_output=True, text=True, check=False,
        env={**os.environ, "LC_ALL": "en_GB.UTF-8"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr + done.stdout
    return done.returncode, next(
        (why for why in ("lacks the tables", "nothing listens") if why in done.stderr), ""
    )


def test_an_address_that_cannot_be_read_is_no_trace_either(instance: Instance) -> None:
    here = using(instance, "postgresql://owner:S3cret/Zebra@localhost/mail")
    told = started(here)
    assert "postgresql://" in told
    assert "Zebra" not in told
    assert "Traceback" not in told
    with pytest.raises(CommandFailed, match="postgresql://"):
        run_module(here, "casier.boot.database_check")
