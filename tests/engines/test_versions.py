"""A newer Cyrus opens a store only after a copy was made; an older one never does."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from casier.boot import versions
from casier.kernel.instance import Instance, InstanceError
from engines.private_instance import private_instance

pytestmark = pytest.mark.engines


@pytest.fixture
def opened_with_3_6(monkeypatch: pytest.MonkeyPatch) -> Iterator[Instance]:
    with private_instance() as instance:
        monkeypatch.setattr(versions, "installed_version", lambda: (3, 6))
        versions.check_versions(instance)
        spool = instance.data / "cyrus" / "spool"
        spool.mkdir(parents=True)
        (spool / "1.").write_text("a message for two")
        os.link(spool / "1.", spool / "2.")
        yield Instance.load(instance.root)


def backups(instance: Instance) -> list[str]:
    return sorted(path.name for path in (instance.root / "backup").iterdir())


def test_the_same_version_leaves_everything_as_it_is(opened_with_3_6: Instance) -> None:
    versions.check_versions(opened_with_3_6)
    assert backups(opened_with_3_6) == []


def test_a_newer_one_copies_first_and_once(
    opened_with_3_6: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "installed_version", lambda: (3, 10))
    versions.check_versions(opened_with_3_6)
    again = Instance.load(opened_with_3_6.root)
    versions.check_versions(again)
    (name,) = backups(again)
    assert name.startswith("cyrus-3.6-")
    copy = again.root / "backup" / name / "data" / "cyrus" / "spool"
    assert (copy / "1.").read_text() == "a message for two"
    assert (copy / "1.").stat().st_ino == (copy / "2.").stat().st_ino
    assert (again.root / "backup" / name / "secrets" / "token.key").exists()


def test_an_older_one_is_refused(opened_with_3_6: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "installed_version", lambda: (3, 4))
    with pytest.raises(InstanceError, match=r"3\.6"):
        versions.check_versions(opened_with_3_6)
