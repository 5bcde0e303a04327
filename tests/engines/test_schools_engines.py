"""Whoever leaves a school no longer opens its mailboxes; taken back, they do. A real Cyrus and Redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.wake import client
from casier.directory import actions
from casier.directory.models import Account, FunctionalMailbox, Posting, Role, School
from casier.engines.cyrus.store import Store
from casier.engines.engine import Facts
from casier.engines.parts import part_named
from casier.kernel.instance import Instance
from casier.kernel.uai import key_letter
from casier.mailbox.converging import converge
from casier.mailbox.differences import differences
from casier.mailbox.stores import store_named
from casier.policies.api import shipped
from casier.schools import api
from engines.daemons import supervised
from engines.private_instance import private_instance

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PARTS = [part_named(name) for name in ("syslog", "redis", "edge", "cyrus", "agent")]
UAI = "0761234" + key_letter("0761234")
BY = Actor.operator("tests")


@pytest.fixture(scope="module")
def engines() -> Iterator[Instance]:
    with private_instance() as instance, supervised(instance, PARTS, Facts()):
        yield instance


@pytest.fixture(autouse=True)
def _here(engines: Instance, settings: Any) -> Iterator[None]:
    settings.CASIER_INSTANCE = engines
    settings.REDIS_SOCKET = engines.socket("redis", "casier", "redis.sock")
    client(settings.REDIS_SOCKET).flushdb()
    store_named.cache_clear()
    yield
    store().close()


def store() -> Store:
    return store_named("store1")


def said() -> dict[str, Any]:
    return {"by": BY, "reason": "tests", "now": timezone.now()}


def opens(account: Account, mailbox: FunctionalMailbox) -> bool:
    """Whether the store lets ACCOUNT into MAILBOX by IMAP."""
    with store().person(account.mailbox_key) as own:
        local = mailbox.mailbox_key.partition("@")[0]
        names = (mailbox.mailbox_key, local)
        return any(own.run(f'SELECT "Other Users/{name}"').ok for name in names)


def test_access_goes_with_the_posting_comes_back_and_ends_with_the_mailbox() -> None:
    new = actions.NewAcademy("tt", "T", "#1a5fb4", ("ac-t.example",), ("t.localhost",), shipped("amiens"))
    academy = actions.create_academy(new, **said())
    school = actions.create_school(academy, actions.NewSchool(UAI, "Collège Monod"), **said())
    school = School.objects.select_related("academy").get(pk=school.pk)
    made = [actions.NewAccount(given, "Martin", school, "ENS") for given in ("Ada", "Bob")]
    ada, bob = (actions.activate(one, **said()) for one in actions.create_accounts(academy, made, **said()))
    box = actions.create_functional_mailbox(academy, actions.NewMailbox("Accueil", school), **said())
    actions.set_member(box, ada, Role.ANSWER, **said())
    actions.set_member(box, bob, Role.READ, **said())
    converge()
    assert opens(ada, box)
    leaving = api.depart(ada, school, **said())
    converge()
    assert not opens(ada, box)
    assert opens(bob, box)
    api.undo(leaving, **said())
    converge()
    assert opens(ada, box)
    # By the day that passes, too.
    Posting.objects.filter(person=bob.person).update(starts_on="2020-01-01", ends_on="2020-02-01")
    assert api.run_due(timezone.now()) == 1
    converge()
    assert not opens(bob, box)
    actions.close_functional_mailbox(box, **said())
    converge()
    assert not opens(ada, box)
    assert not list(differences())
