"""What is wrong with a database is said in a sentence, with what to do, and never with a password."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError

from casier.boot.database_trouble import REFUSED, TRY_LATER, explain, where
from casier.boot.databases import _postgresql, check_url
from casier.kernel.instance import InstanceError

SECRET = "S3cret-Zebra"
URL = f"postgresql://casier:{SECRET}@db.example.invalid:5433/mail"


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


def sqlite(path: Path = Path("/srv/casier.sqlite3")) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}


def answered(state: str, text: str) -> DatabaseError:
    """An error of PostgreSQL as Django passes it on."""
    cause = Exception(text)
    cause.sqlstate = state  # type: ignore[attr-defined]
    error = DatabaseError(text)
    error.__cause__ = cause
    return error


@pytest.fixture
def listening(tmp_path: Path) -> Any:
    """The folder of a server that listens, and refuses in its own way."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / ".s.PGSQL.5432"))
        server.listen()
        yield tmp_path


def test_the_address_is_shown_without_its_password() -> None:
    assert where(_postgresql(URL)) == "postgresql://casier@db.example.invalid:5433/mail"
    assert where(_postgresql("postgresql://a@/b?host=/run/pg")) == "postgresql://a@/b?host=/run/pg"
    assert where(_postgresql("postgresql:///b")) == "postgresql:///b"
    assert where(sqlite()) == "/srv/casier.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a@b/c",
        "postgresql://casier@localhost",
        "postgresql://casier:S3cret-Ze/bra@localhost:5432/mail",
        "postgresql://casier:12/S3cret@localhost/mail",
        "postgresql://casier:S3#cret@localhost/mail",
        "postgresql://casier:x@localhost:S3cret/mail",
        "postgresql://[S3cret/mail",
        "mail.sqlite3",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InstanceError) as told:
        check_url(url)
    assert "S3" not in str(told.value)
    assert "postgresql://nom:secret@" in str(told.value)
    assert told.value.__cause__ is None


def test_an_address_may_be_empty_and_passwords_hold_anything() -> None:
    check_url("")
    made = _postgresql(
        "postgresql://casier:a%2Fb%3A%40c@/mail?host=/run/pg&sslmode=require&connect_timeout=3"
    )
    assert (made["PASSWORD"], made["HOST"], made["NAME"]) == ("a/b:@c", "/run/pg", "mail")
    assert made["OPTIONS"] == {"sslmode": "require", "connect_timeout": "3"}
    assert _postgresql(URL)["OPTIONS"] == {"connect_timeout": "10"}


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("no such table: directory_academy"),
        OperationalError("no such column: directory_person.new"),
        answered("42P01", 'relation "directory_academy" does not exist'),
        answered("42703", "column new does not exist"),
    ],
)
def test_tables_that_were_never_made_are_made_by_a_start(error: DatabaseError) -> None:
    trouble = explain(error, _postgresql(URL) if error.__cause__ else sqlite())
    assert "tables" in trouble.what
    assert "./casier start" in trouble.do
    assert trouble.code == REFUSED
    assert SECRET not in str(trouble)


@pytest.mark.parametrize(
    ("said", "do"),
    [
        ("database or disk is full", "faites de la place"),
        ("database is locked", "Réessayez"),
        ("file is not a database", "sauvegarde"),
        ("unable to open database file", "./casier start"),
    ],
)
def test_what_befalls_a_file(said: str, do: str) -> None:
    trouble = explain(OperationalError(said), sqlite())
    assert said in trouble.what
    assert "/srv/casier.sqlite3" in trouble.what
    assert do in trouble.do
    assert trouble.code == TRY_LATER


@pytest.mark.parametrize(
    ("said", "why", "do"),
    [
        ('FATAL:  password authentication failed for user "casier"', "refusé", "mot de passe"),
        ('FATAL:  Peer authentication failed for user "casier"', "refusé", "mot de passe"),
        ("fe_sendauth: no password supplied", "refusé", "mot de passe"),
        ('FATAL:  database "mail" does not exist', "n’existe pas", "createdb --owner=casier"),
        ('FATAL:  role "casier" does not exist', "n’existe pas", "createuser"),
        ('FATAL:  no pg_hba.conf entry for host "::1"', "personne d’ici", "pg_hba.conf"),
        ("FATAL:  sorry, too many clients already", "prises", "max_connections"),
        ("FATAL:  the database system is starting up", "démarre", "Réessayez"),
        ("FATAL:  authentification par mot de passe échouée", "mot de passe échouée", "Vérifiez"),
    ],
)
def test_what_the_server_says_at_its_door(listening: Path, said: str, why: str, do: str) -> None:
    head = f'connection failed: connection to server on socket "{listening}/.s.PGSQL.5432" failed: '
    settings = _postgresql(f"postgresql://casier:{SECRET}@/mail?host={listening}")
    trouble = explain(OperationalError(head + said), settings)
    assert "Impossible d’ouvrir" in trouble.what
    assert why in trouble.what
    assert do in trouble.do
    assert "instance.toml" in trouble.do
    assert SECRET not in str(trouble)


def test_a_folder_without_a_server_and_none_at_all(tmp_path: Path) -> None:
    empty = explain(OperationalError("failed"), _postgresql(f"postgresql://a@/b?host={tmp_path}"))
    assert "rien n’écoute" in empty.what
    gone = explain(OperationalError("failed"), _postgresql(f"postgresql://a@/b?host={tmp_path}/gone"))
    assert f"le dossier {tmp_path}/gone n’existe pas" in gone.what


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        trouble = explain(OperationalError("failed"), _postgresql(f"postgresql://a@127.0.0.1:{port}/b"))
    assert f"port {port}" in trouble.what


def test_rights_that_are_missing_within() -> None:
    trouble = explain(answered("42501", "permission denied for schema public"), _postgresql(URL))
    assert trouble.of_rights
    assert 'ALTER DATABASE "mail" OWNER TO "casier"' in trouble.do
    other = explain(answered("53100", "could not extend file"), _postgresql(URL))
    assert "could not extend file" in other.what
    assert not other.of_rights
