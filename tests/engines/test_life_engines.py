"""Leaving, with a real store: answers that go out, a mailbox handed on, a purge that leaves nothing."""

from __future__ import annotations

import socket
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.utils import timezone

from casier.audit.api import recent
from casier.audit.wake import client
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState
from casier.edge import netstrings
from casier.engines.cyrus.erasing import Erasing
from casier.identity.dispatch.models import Dispatch
from casier.identity.means.models import Means
from casier.identity.models import User
from casier.kernel import published
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.life import api, purging, worker
from casier.life.models import Becomes, Certificate, Departure
from casier.mailbox.choices.models import Choice
from casier.mailbox.converging import converge
from casier.mailbox.filters.actions import rules_of, save_rules
from casier.mailbox.filters.rules import Absence, Rules
from casier.mailbox.links.models import Link
from casier.mailbox.transfer.exports import Asked, begin_export
from casier.mailbox.transfer.places import export_file
from engines.test_provision import WHY, _here, academy, engines, person, store

__all__ = ["_here", "academy", "engines"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
LETTER = b"From: parent@dehors.example\r\nTo: x@ac-t.example\r\nSubject: zebulon\r\n\r\nzebulon\r\n"
NOW = timezone.now()
# Amiens: 30 days of grace, a week until everything is erased.
CLOSES, PURGES = NOW + timedelta(days=30), NOW + timedelta(days=37)


def why(now: datetime = NOW) -> dict[str, Any]:
    return {**WHY, "now": now}


@pytest.fixture
def jean(academy: Any) -> Account:
    # Cyrus deletes a mailbox of one name once within a second, and the test before may have done so: nobody
    # but tests ever gets the name of another.
    time.sleep(1 - time.time() % 1)
    account = actions.activate(person(academy), **why())
    # The test before may have shut it out of the store, and then erased it.
    store().restore(account.mailbox_key)
    converge()
    account.refresh_from_db()
    store().append(account.mailbox_key, LETTER)
    return account


def close(account: Account) -> None:
    api.begin_leaving(account, last_day=None, **why())
    api.close(account, **why(CLOSES))
    converge()
    account.refresh_from_db()


def alias(instance: Instance, address: str) -> str:
    """What Postfix is told of an address."""
    with socket.socket(socket.AF_UNIX) as map_of:
        map_of.settimeout(5)
        map_of.connect(str(instance.socket("edge", "postfix", "map")))
        map_of.sendall(netstrings.encode(f"alias {address}"))
        return netstrings.decode(map_of.recv(4096))[0]


def test_answers_go_out_for_who_leaves_and_stop_when_they_stay(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    assert worker.step(NOW) == 1
    absence = rules_of(jean).rules.absence
    assert absence.on
    assert absence.start == timezone.localdate(NOW) + timedelta(days=1)
    assert "Jean Martin a quitté ses fonctions" in absence.inside
    assert worker.step(NOW) == 0
    api.cancel_leaving(jean, **why())
    assert worker.step(NOW) == 1
    assert not rules_of(jean).rules.absence.on


def test_an_absence_of_their_own_is_left_alone(jean: Account) -> None:
    rules = rules_of(jean).rules
    own = Absence(on=True, inside="Partie à Lyon : claire@ac-lyon.example")
    save_rules(jean, Rules(state=rules.state, items=rules.items, absence=own), by=WHY["by"])
    api.begin_leaving(jean, last_day=None, **why())
    worker.step(NOW)
    assert rules_of(jean).rules.absence.inside == own.inside
    api.cancel_leaving(jean, **why())
    worker.step(NOW)
    assert rules_of(jean).rules.absence.on


def test_without_a_store_it_is_tried_again(jean: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    with monkeypatch.context() as patch:
        patch.setattr("casier.life.absence.rules_of", _unavailable)
        worker.step(NOW)
    assert worker.step(NOW) == 0
    assert worker.step(NOW + timedelta(minutes=11)) == 1
    assert rules_of(jean).rules.absence.on


def _unavailable(*_args: Any) -> Any:
    raise Unavailable("cyrus")


def test_mail_is_led_on_and_what_is_there_is_read_by_whom_it_was_handed_to(
    academy: Any, engines: Instance, jean: Account
) -> None:
    anne = person(academy, "Anne", "Leroy")
    converge()
    client(django_settings.REDIS_SOCKET).set(published.COMPLETE, "1")
    with store().person(jean.mailbox_key) as own:
        for folder in ("Classe", "Personnel", "Personnel/Famille", "Priv&AOk-"):
            own.run(f'CREATE "{folder}"').expect()
    api.begin_leaving(jean, last_day=None, **why())
    api.decide_mailbox(jean, api.Fate(Becomes.HANDED, heir=anne), **why())
    converge()
    assert alias(engines, "jean.martin@ac-u.example") == f"OK {jean.mailbox_key}"
    api.close(jean, **why())
    converge()
    assert alias(engines, "jean.martin@ac-u.example") == "OK anne.leroy@ac-t.example"
    assert alias(engines, "jean.martin+x@ac-t.example") == "OK anne.leroy@ac-t.example"
    assert alias(engines, "anne.leroy@ac-t.example") == f"OK {anne.mailbox_key}"
    with store().person(anne.mailbox_key) as own:
        assert own.run('EXAMINE "Other Users/jean.martin"').ok
        assert own.run('EXAMINE "Other Users/jean.martin/Classe"').ok
        for folder in ("Personnel", "Personnel/Famille", "Priv&AOk-", "#calendars"):
            assert not own.run(f'EXAMINE "Other Users/jean.martin/{folder}"').ok
        assert not own.run("STORE 1 +FLAGS (\\Deleted)").ok
    with pytest.raises(Unavailable), store().person(jean.mailbox_key):
        pass
    api.reopen(jean, **why())
    converge()
    assert alias(engines, "jean.martin@ac-u.example") == f"OK {jean.mailbox_key}"
    with store().person(anne.mailbox_key) as own:
        assert not own.run('EXAMINE "Other Users/jean.martin"').ok


def with_everything(account: Account) -> Path:
    """Rows and files that a person leaves; the file of an export."""
    User.objects.create(account=account, password="x")
    Choice.objects.create(account=account, section="absence", value={}, changed_at=NOW)
    asked = Asked(account.mailbox_key, None, mail=True, contacts=True, agendas=True, mbox=False, letter=False)
    export = begin_export(account, asked, by=WHY["by"], now=NOW)
    path = export_file(django_settings.CASIER_INSTANCE, export)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"zip")
    Link.objects.create(
        account=account,
        token_digest="x",
        name="notes.pdf",
        size=3,
        created_at=NOW,
        touched_at=NOW,
        expires_at=NOW,
    )
    return path


def on_disk(word: str) -> str:
    root = django_settings.CASIER_INSTANCE.data / "cyrus" / "spool"
    found = subprocess.run(["grep", "-rla", word, str(root)], capture_output=True, text=True, check=False)
    return found.stdout


def test_the_purge_leaves_nothing_and_certifies_it(academy: Any, jean: Account) -> None:
    anne = person(academy, "Anne", "Leroy")
    converge()
    path = with_everything(jean)
    close(jean)
    assert worker.step(PURGES - timedelta(days=1)) == 0
    with pytest.raises(api.TooEarly):
        purging.purge(jean, **why(PURGES - timedelta(days=1)))
    assert on_disk("zebulon")
    assert worker.step(PURGES) == 1
    jean.refresh_from_db()
    assert jean.state == AccountState.PURGED
    certificate = Certificate.objects.get()
    assert certificate.removed["messages"] == 1
    assert certificate.removed["rows"]["identity.User"] == 1
    assert certificate.found == {"store": 0, "disk": 0, "rows": 0}
    entry = next(one for one in recent(50) if one.action == "account.purge_certified")
    digest = purging.digest_of(certificate.removed, certificate.found)
    assert entry.facts["digest"] == certificate.digest == digest
    assert not on_disk("zebulon")
    assert not path.exists()
    for label, fields in purging.ERASED.items():
        for field in fields:
            assert not apps.get_model(label)._default_manager.filter(**{field: jean}).exists(), label
    assert store().folders(jean.mailbox_key) == set()
    assert store().folders(anne.mailbox_key)
    # The name is kept from others, and its person begins anew with it.
    assert jean.addresses.filter(reserved_until__gt=PURGES).count() == 2
    api.reopen(jean, **why(PURGES))
    converge()
    jean.refresh_from_db()
    assert jean.state == AccountState.INVITED
    assert Erasing(store(), jean.mailbox_key).held().messages == 0


def test_a_hold_keeps_it_and_afterwards_the_days_go_on(jean: Account) -> None:
    close(jean)
    held = api.hold(jean, api.HoldKind.LEGAL, until=None, **why(PURGES - timedelta(days=2)))
    assert worker.step(PURGES + timedelta(days=50)) == 0
    with pytest.raises(api.Held):
        purging.purge(jean, **why(PURGES + timedelta(days=50)))
    api.lift(held, **why(PURGES + timedelta(days=50)))
    assert worker.step(PURGES + timedelta(days=51)) == 0
    assert worker.step(PURGES + timedelta(days=52)) == 1
    jean.refresh_from_db()
    assert jean.state == AccountState.PURGED


def test_a_purge_that_was_killed_goes_on_and_knows_what_there_was(
    jean: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(jean)
    erase = Erasing.erase

    def killed(self: Erasing) -> None:
        erase(self)
        raise Unavailable("store")

    with monkeypatch.context() as patch:
        patch.setattr(Erasing, "erase", killed)
        assert worker.step(PURGES) == 1
    assert Departure.objects.get().purging_since is not None
    with pytest.raises(WrongState):
        api.reopen(jean, **why(PURGES))
    assert worker.step(PURGES + timedelta(minutes=1)) == 0
    assert worker.step(PURGES + timedelta(minutes=16)) == 1
    assert Certificate.objects.get().removed["messages"] == 1


def test_the_last_letter_goes_to_the_backup_address_before_it_goes(jean: Account) -> None:
    close(jean)
    worker.step(PURGES)
    assert not Means.objects.filter(account=jean).exists()
    assert not Dispatch.objects.filter(account=jean, kind="mailbox", created_at__gt=PURGES).exists()
