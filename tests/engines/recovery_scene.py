"""What the tests of recovery share: Claire with a backup address and a telephone, her post, the help desk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.models import Academy, Account, Mandate, Office
from casier.identity.means.demo import give_means
from casier.identity.recovery import worker
from casier.policies.api import adopt, policy_for
from engines.means_scene import Post, Telephones, code_in, lane, plain
from unit.identity_people import BY, person

BACKUP = "claire@exemple.org"
NUMBER = "+33612345678"
NEW = "marronnier-Gris-58-lampe"
GATEWAY = {"kind": "http", "name": "operateur", "url": "https://sms.example/", "voice": True, "json": {}}
EVERYTHING = ("backup_link", "temporary_code", "letter", "service_desk")


def rules(academy: Academy, **changed: Any) -> None:
    """Every way back, and nothing else between the proof and the mail, but what is CHANGED."""
    policy = policy_for(academy)
    recovery = {"methods": EVERYTHING, "check_days": 0, **changed.pop("recovery", {})}
    second = {"requirement": "off", "contexts": (), "enrolment_days": 0, **changed.pop("second_factor", {})}
    replace = msgspec.structs.replace
    wanted = replace(
        policy,
        recovery=replace(policy.recovery, **recovery),
        second_factor=replace(policy.second_factor, **second),
        activation=replace(policy.activation, record_recovery=False),
        lock=replace(policy.lock, **{"on_unusual": "ignore", **changed.pop("lock", {})}),
        sessions=replace(policy.sessions, one_device="off", suspend_minutes=0),
        **changed,
    )
    adopt(academy, wanted, by=BY, reason="tests", now=timezone.now())


@dataclass
class Outside:
    """What reached the people of the tests."""

    post: Post = field(default_factory=Post)
    telephones: Telephones = field(default_factory=Telephones)

    def work(self) -> None:
        """The worker's lanes, until nothing is left."""
        worker.step()
        sending = lane(self.telephones, mail=self.post)
        while sending.step():
            pass

    def mails(self, to: str) -> list[str]:
        return [plain(mail) for mail in self.post.mails if to in str(mail["To"])]

    def link(self) -> str:
        """The path of the last link that came to the backup address."""
        found = [re.search(r"https://\S+?(/oubli/lien/[\w-]+/)", text) for text in self.mails(BACKUP)]
        return [match[1] for match in found if match][-1]

    def code(self) -> str:
        """The last code that came to the telephone."""
        return code_in(self.telephones.sent[-1].text)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {"gateways": [GATEWAY]})
    return Outside()


@pytest.fixture
def reachable(claire: Account) -> Account:
    """Claire, with a backup address and a telephone, where every way back is open."""
    rules(claire.academy)
    give_means(claire, BACKUP, NUMBER)
    Account.objects.filter(pk=claire.pk).update(state="active")
    claire.refresh_from_db()
    return claire


def desk(academy: Academy, given: str = "Denis", office: Office = Office.HELP_DESK) -> tuple[Account, Actor]:
    """Somebody who holds OFFICE for the whole academy."""
    account = person(academy, given, "Aubry")
    Mandate.objects.create(account=account, office=office, academy=academy, starts_at=timezone.now())
    return account, Actor.account(account.public_id, "192.0.2.9")


def post(browser: Client, address: str, **fields: str) -> Any:
    return browser.post(address, fields, secure=True)


def ask(browser: Client, way: str, name: str = "claire.lefevre") -> Any:
    """Say who one is, and choose a way."""
    post(browser, "/oubli/", identifiant=name)
    return post(browser, "/oubli/moyen/", moyen=way)


def choose_password(browser: Client, password: str = NEW) -> Any:
    """What the page of the new password asks for."""
    return post(browser, "/connexion/mot-de-passe/", nouveau=password, encore=password)
