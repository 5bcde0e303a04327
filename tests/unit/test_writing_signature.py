"""The academy's signature: for each address that a person writes from, and what must stand there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from msgspec.structs import replace

from casier.directory.errors import NotFound
from casier.directory.models import Account, DelegateRight, Delegation, Role
from casier.mailbox.writing import signature
from casier.policies.api import Policy
from unit.identity_people import BY, academy, lend_mailbox, person

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "claire.lefevre@ac-rouen.fr"
ALI = "ali.benali@ac-rouen.fr"
IMPOSED = replace(Policy(), writing=replace(Policy().writing, signature="imposed"))


@pytest.fixture
def claire() -> Account:
    return person(academy())


def test_it_stands_below_whatever_address_one_writes_from(claire: Account) -> None:
    ali = person(claire.academy, "Ali", "Benali")
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    now = timezone.now()
    Delegation.objects.create(
        owner=ali,
        delegate=claire,
        right=DelegateRight.SEND_AS,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        created_at=now,
    )
    found = signature.signatures_of(claire, IMPOSED)
    assert found[KEY].text.startswith("Claire Lefèvre\n")
    assert found[shared].text.startswith("Vie scolaire\nClaire Lefèvre\n")
    assert found[ALI].text.startswith("Ali Benali\n")
    assert signature.signature_at(claire, IMPOSED, f" {KEY.upper()} ") == found[KEY]


def test_nothing_must_stand_there_where_it_is_only_offered_or_off(claire: Account) -> None:
    assert signature.signature_at(claire, Policy(), KEY) == signature.NONE
    off = replace(Policy(), writing=replace(Policy().writing, signature="off"))
    assert signature.signatures_of(claire, off) == {}


def test_the_charter_stays_until_it_is_changed_and_goes_with_the_shipped_one(claire: Account) -> None:
    charter = "https://www.ac-rouen.fr/charte"
    wanted = signature.Wanted("<p>{{nom}}</p>\n<p>{{charte}}</p>", "{{nom}}\n{{charte}}", charter)
    signature.save_template(claire.academy, wanted, BY, "essai")
    signature.save_template(claire.academy, signature.Wanted("<p>{{charte}}</p>", "{{charte}}"), BY, "essai")
    assert signature.preview(claire.academy, claire, KEY).text == charter
    signature.restore_shipped(claire.academy, BY, "essai")
    assert signature.preview(claire.academy, claire, KEY).text.startswith("Claire Lefèvre\n")
    with pytest.raises(NotFound):
        signature.preview(claire.academy, claire, "personne@ac-rouen.fr")
