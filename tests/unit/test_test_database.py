"""The tests' own database: empty for each test, and what Django fills it with by itself isn't used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

import casier
from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account
from unit.identity_people import academy, person

# Django's list of models, and of permissions for each; and the moment at which it writes both.
DJANGOS_OWN = re.compile(
    r"\bContentType\b|\bPermission\b|Generic\w*Key|has_perm|permission_required|post_migrate"
)
# Where it is told how long each table's rows are kept.
TABLES = "privacy/keeping/table.py"


def test_nothing_of_ours_asks_for_djangos_list_of_models() -> None:
    ours = Path(casier.__file__).parent
    named = {
        str(path.relative_to(ours))
        for path in ours.rglob("*.py")
        if DJANGOS_OWN.search(path.read_text("utf-8"))
    }
    assert named == {TABLES}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_finds_it_empty(time: str) -> None:
    assert [model.objects.count() for model in (Academy, Account, JournalEntry)] == [0, 0, 0], time
    person(academy())
    assert Account.objects.count() == 1
    connection.check_constraints()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is told when it starts")
def test_it_waits_for_no_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (0,)
