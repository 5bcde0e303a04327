"""A migration of a PostgreSQL in use waits without making others wait, and says what it waits for."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from casier.boot import migrating
from casier.boot.databases import _postgresql
from casier.boot.migrating import PAUSES, StillHeld, patiently
from casier.boot.testing import private_postgresql

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with private_postgresql() as made:
        with psycopg.connect(made, autocommit=True) as first:
            first.execute("CREATE TABLE people (id int)")
        yield made


@pytest.fixture
def database(url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    settings = {**_postgresql(url), "TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False}
    wrapper = DatabaseWrapper(settings, "other")
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


@pytest.fixture
def forgotten(url: str) -> Iterator[psycopg.Connection]:
    """A session that read a table and then was left alone."""
    with psycopg.connect(url, application_name="forgotten") as session:
        session.execute("SELECT * FROM people")
        yield session


def alter(database: DatabaseWrapper, name: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(f"ALTER TABLE people ADD COLUMN {name} int")


def test_it_waits_and_says_for_whom(
    database: DatabaseWrapper, forgotten: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    told: list[str] = []
    paused: list[float] = []

    def sleep(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 2:
            forgotten.rollback()

    patiently(lambda: alter(database, "one"), told.append, sleep, database)
    assert paused == list(PAUSES[:2])
    assert all("forgotten" in text and "people" in text and "idle in transaction" in text for text in told)
    with database.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), count(one) FROM people")
        assert cursor.fetchone() == ("0", 0)


def test_others_read_on_while_it_lets_them_pass(
    url: str, database: DatabaseWrapper, forgotten: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    read: list[float] = []

    def sleep(_seconds: float) -> None:
        began = time.monotonic()
        with psycopg.connect(url) as reader:
            reader.execute("SELECT count(*) FROM people")
        read.append(time.monotonic() - began)
        forgotten.rollback()

    patiently(lambda: alter(database, "two"), lambda _text: None, sleep, database)
    assert len(read) == 1
    assert read[0] < 1


def test_in_the_end_it_gives_up(
    database: DatabaseWrapper, forgotten: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "PAUSES", (0.0, 0.0))
    with pytest.raises(StillHeld, match="forgotten"):
        patiently(lambda: alter(database, "three"), lambda _text: None, lambda _seconds: None, database)


def test_another_error_is_no_lock(database: DatabaseWrapper) -> None:
    def work() -> None:
        raise OperationalError("the disk is full")

    with pytest.raises(OperationalError, match="disk is full"):
        patiently(work, lambda _text: None, lambda _seconds: None, database)


@pytest.mark.django_db
def test_elsewhere_it_just_works() -> None:
    done: list[int] = []
    if connection.vendor != "postgresql":
        patiently(lambda: done.append(1), lambda _text: None, lambda _seconds: None)
        assert done == [1]
