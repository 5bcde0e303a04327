"""The academy's signature: for each address that a person writes from, and what must stand there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from msgspec.structs import replace

from casier.directory.errors import NotFound
from casier.directory.models import Account, DelegateRight, Delegation, Role
from casier.mailbox.writing import signature
from casier.mailbox.writing.signature import From
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
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    found = signature.signatures_of(claire, IMPOSED)
    assert found[From(KEY)].text.startswith("Claire Lefèvre\n")
    for on_behalf in (False, True):
        assert found[From(shared, on_behalf)].text.startswith("Vie scolaire\nClaire Lefèvre\n")
    assert signature.signature_at(claire, IMPOSED, f" {KEY.upper()} ") == found[From(KEY)]


def lend(owner: Account, delegate: Account, right: DelegateRight) -> None:
    now = timezone.now()
    Delegation.objects.create(
        owner=owner,
        delegate=delegate,
        right=right,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        created_at=now,
    )


def test_as_a_colleague_one_signs_as_they_do_and_on_their_behalf_as_oneself() -> None:
    # Normandie's policy lets people write as a colleague.
    claire = person(academy("normandie"))
    ali = person(claire.academy, "Ali", "Benali")
    lend(ali, claire, DelegateRight.SEND_AS)
    found = signature.signatures_of(claire, IMPOSED)
    assert found[From(ALI)].text.startswith("Ali Benali\n")
    assert "Claire" not in found[From(ALI)].html
    assert found[From(ALI, on_behalf=True)].text.startswith("Claire Lefèvre\n")
    assert "Ali" not in found[From(ALI, on_behalf=True)].html
    assert signature.signature_at(claire, IMPOSED, ALI) == found[From(ALI)]
    assert signature.signature_at(claire, IMPOSED, ALI, on_behalf=True) == found[From(ALI, on_behalf=True)]
    # Ali's own addresses are signed by Ali alone.
    assert set(signature.signatures_of(ali, IMPOSED)) == {From(ALI), From("ali.benali@ac-normandie.fr")}


def test_saying_to_write_in_another_way_frees_nobody_from_signing(claire: Account) -> None:
    ali = person(claire.academy, "Ali", "Benali")
    lend(ali, claire, DelegateRight.BEHALF)
    found = signature.signatures_of(claire, IMPOSED)
    assert From(ALI) not in found
    assert signature.signature_at(claire, IMPOSED, ALI) == found[From(ALI, on_behalf=True)]
    assert signature.signature_at(claire, IMPOSED, KEY, on_behalf=True) == found[From(KEY)]
    assert found[From(KEY)].text


def test_who_may_only_organise_signs_nothing_there(claire: Account) -> None:
    ali = person(claire.academy, "Ali", "Benali")
    lend(ali, claire, DelegateRight.ORGANISE)
    assert {way.address for way in signature.signatures_of(claire, IMPOSED)} == {
        KEY,
        "claire.lefevre@ac-normandie.fr",
    }


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
