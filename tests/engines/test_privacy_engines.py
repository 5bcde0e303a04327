"""Copies and erasure with a real store: who is out has their mail in the copy; nothing is left of them."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers

from casier.audit.api import Actor
from casier.audit.wake import client
from casier.directory.models import Account, Person
from casier.kernel.instance import Instance
from casier.kernel.transfer_folders import exports_folder, imports_folder
from casier.life.models import Certificate
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.arrivals.quarantine import Quarantine
from casier.mailbox.converging import converge
from casier.mailbox.notifications.models import Notification
from casier.privacy import erasing
from casier.privacy.copies import asking
from casier.privacy.models import Erasure, ExportState, PersonExport
from casier.privacy.worker import Privacy
from engines.test_life_engines import CLOSES, NOW, close, jean, on_disk, why, with_everything
from engines.test_provision import _here, academy, engines, person, store
from waiting import wait_until

__all__ = ["_here", "academy", "engines", "jean"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
LETTER = b"From: jean.martin@ac-t.example\r\nTo: y@ac-t.example\r\nSubject: une lettre\r\n\r\nzebulon\r\n"


@pytest.fixture(autouse=True)
def _folders(engines: Instance) -> None:
    for folder in (imports_folder, exports_folder):
        folder(engines).mkdir(parents=True, exist_ok=True)


def worker() -> Privacy:
    return Privacy(settings.CASIER_INSTANCE, now=lambda: CLOSES)


def messages(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith("Courrier/") and name.endswith(".eml")]


def copy_of(account: Account, by: Actor | None = None) -> zipfile.ZipFile:
    """A copy that BY asked for: the person themselves, unless said."""
    by = by or Actor.account(account.public_id, "portal")
    copy = asking.ask(account, by=by, reason="tests", language="fr", now=CLOSES)
    assert worker().step() == 1
    copy.refresh_from_db()
    assert copy.state == ExportState.READY
    return zipfile.ZipFile(asking.whole_file(settings.CASIER_INSTANCE, copy))


def test_a_copy_has_the_mail_whether_they_are_in_or_out(jean: Account) -> None:
    with store().person(jean.mailbox_key) as own:
        own.run('CREATE "Classe/3e &AOk-t&AOk-"').expect()
    store().append(jean.mailbox_key, LETTER, folder="Classe/3e &AOk-t&AOk-")
    inside = copy_of(jean)
    # Who still comes in takes their own mail: nobody else's copy has it.
    assert messages(copy_of(jean, why()["by"])) == []
    close(jean)
    outside = copy_of(jean, why()["by"])
    assert messages(inside) == messages(outside)
    assert len(messages(outside)) == 2
    letter = next(name for name in messages(outside) if "/3e été/" in name)
    assert outside.read(letter) == LETTER
    flags = json.loads(outside.read(letter.rpartition("/")[0] + "/messages.jsonl").splitlines()[0])
    assert flags["file"] == letter.rpartition("/")[2]
    # The platform may read no more than before.
    assert "casier-admin" not in str(store().rights([jean.mailbox_key]))


def test_who_asked_for_their_own_finds_it_in_the_bell(jean: Account) -> None:
    asking.ask(jean, by=Actor.account(jean.public_id), reason="", language="en", now=CLOSES)
    assert worker().step() == 1
    assert Notification.objects.get(account=jean).title == "The copy of your data is ready"


def test_a_copy_goes_when_its_time_is_over(jean: Account) -> None:
    copy_of(jean)
    PersonExport.objects.update(expires_at=CLOSES)
    assert worker().step() == 1
    copy = PersonExport.objects.get()
    assert copy.state == ExportState.EXPIRED
    assert not asking.whole_file(settings.CASIER_INSTANCE, copy).exists()


def test_a_store_that_is_away_is_waited_for(jean: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    from casier.kernel.errors import Unavailable

    def away(*_args: Any, **_more: Any) -> Any:
        raise Unavailable("store")

    asking.ask(jean, by=why()["by"], reason="tests", language="fr", now=CLOSES)
    with monkeypatch.context() as patch:
        patch.setattr("casier.privacy.worker.make", away)
        assert worker().step() == 0
    assert worker().step() == 1
    assert PersonExport.objects.get().state == ExportState.READY


def erased() -> bool:
    """Let the worker try, as it would a quarter of an hour later: within one second Cyrus deletes a folder of
    one name only once, and the test before had one.
    """
    Erasure.objects.update(next_try_at=CLOSES)
    worker().step()
    return Erasure.objects.get().done_at is not None


def everywhere(word: str) -> set[str]:
    """In which tables, keys of Redis and files WORD stands."""
    found = set()
    for model in apps.get_models():
        for row in model._default_manager.all():
            if word in serializers.serialize("jsonl", [row]):
                found.add(model._meta.label)
    redis = client(settings.REDIS_SOCKET)
    for key in redis.scan_iter():
        if word in str(key) or word in str(redis.dump(key)):
            found.add(f"redis {key!r}")
    for root in ("platform/quarantine", "transfer", "links"):
        for path in (settings.CASIER_INSTANCE.data / root).rglob("*"):
            if path.is_file() and word.encode() in path.read_bytes():
                found.add(str(path))
    return found


def test_nothing_is_left_of_who_was_erased_and_all_of_their_namesake(academy: Any, jean: Account) -> None:
    other = person(academy)
    converge()
    store().append(other.mailbox_key, LETTER)
    Person.objects.filter(pk=jean.person_id).update(birth_name="Quincampoix")
    path = with_everything(jean)
    taken = Quarantined.objects.create(
        reference="R-2345-6789", owner=jean.mailbox_key, folder="INBOX", uid_validity=1, uid=1,
        finding="virus", octets=3, taken_at=NOW,
    )  # fmt: skip
    quarantine = Quarantine.of(settings.CASIER_INSTANCE)
    quarantine.keep(taken, [b"Quincampoix"])
    close(jean)
    key, number = jean.mailbox_key, jean.public_id
    copy_of(jean).close()
    erasing.ask(jean, **why(CLOSES))
    wait_until("the erasure", erased, 60)
    jean.refresh_from_db()
    converge()
    assert Certificate.objects.get().removed["messages"] == 1
    assert everywhere("Quincampoix") == set()
    # The addresses are kept from others, and found by them; the number is what the journal knows.
    assert everywhere(key) <= {"directory.Address", "directory.FindLine"}
    assert "audit.JournalEntry" in everywhere(number)
    assert not path.exists()
    made = PersonExport.objects.filter(account=jean)
    assert made.exists()
    assert not any(asking.whole_file(settings.CASIER_INSTANCE, one).exists() for one in made)
    assert store().folders(key) == set()
    assert on_disk("zebulon")  # the other Jean Martin's
    other.refresh_from_db()
    assert other.person.full_name == "Jean Martin"
    assert len(messages(copy_of(other))) == 1
