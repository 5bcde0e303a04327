"""Shared mailboxes on the account's own pages: asking to be let in, and members, for who manages one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.directory import actions
from casier.directory.models import Academy, Account, FunctionalMailbox, Membership, Posting, Role, School
from casier.schools.models import Request
from engines.console_scene import MONOD, active, claire, get, open_doors, post, rouen, said
from engines.portal_scene import browser, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PAGE = "/compte/boites/"


@pytest.fixture
def box(rouen: Academy, claire: Account) -> FunctionalMailbox:
    """A mailbox of Claire's school, which she manages."""
    school = School.objects.get(uai=MONOD)
    Posting.objects.create(person=claire.person, school=school, function="ADF")
    why: dict[str, Any] = {"by": BY, "reason": "tests", "now": timezone.now()}
    made = actions.create_functional_mailbox(rouen, actions.NewMailbox("Accueil", school), **why)
    actions.set_member(made, claire, Role.MANAGE, **why)
    return made


def somebody(where: Academy, family: str, *, here: bool = True) -> tuple[Account, Client]:
    account = active(person(where, "Luc", family, password=PASSWORD))
    if here:
        Posting.objects.create(person=account.person, school=School.objects.get(uai=MONOD), function="ENS")
    return account, at_home(account)


def at_home(account: Account) -> Client:
    visitor = new_browser(f"{account.academy.slug}.localhost:8443")
    assert sign_in(visitor, account.addresses.get(is_primary=True).address).status_code == 302
    return visitor


def test_asked_for_and_let_in(rouen: Academy, claire: Account, box: FunctionalMailbox) -> None:
    luc, his = somebody(rouen, "Petit")
    assert "Boîtes partagées" in said(get(his, "/compte/"))
    assert "Demander à entrer" in said(get(his, PAGE))
    assert post(his, f"{PAGE}demander/", boite=str(box.pk), role="answer", motif="").status_code == 302
    assert not Request.objects.exists()  # why?
    post(his, f"{PAGE}demander/", boite=str(box.pk), role="manage", motif="standard")
    assert not Request.objects.exists()  # managers are named
    post(his, f"{PAGE}demander/", boite=str(box.pk), role="answer", motif="standard")
    row = Request.objects.get()
    assert "Vos demandes en attente" in said(get(his, PAGE))
    hers = at_home(claire)
    assert "Luc Petit demande à entrer" in said(get(hers, PAGE))
    one = f"{PAGE}{box.pk}/"
    assert "standard" in said(get(hers, one))
    post(hers, one, acte="accepter", demande=str(row.pk))
    assert Membership.objects.get(account=luc).role == "answer"
    post(his, f"{PAGE}{box.pk}/quitter/")
    assert not Membership.objects.filter(account=luc).exists()


def test_a_manager_names_changes_and_takes_away(
    rouen: Academy, claire: Account, box: FunctionalMailbox
) -> None:
    luc, _his = somebody(rouen, "Petit")
    hers, one = at_home(claire), f"{PAGE}{box.pk}/"
    address = luc.addresses.get(is_primary=True).address
    post(hers, one, acte="ajouter", membre=address, role="read", motif="standard")
    assert Membership.objects.get(account=luc).role == "read"
    post(hers, one, acte="changer", membre=address, etait="manage", role="manage", motif="x")
    assert Membership.objects.get(account=luc).role == "read"  # a stale page
    post(hers, one, acte="changer", membre=address, etait="read", role="answer", motif="x")
    assert Membership.objects.get(account=luc).role == "answer"
    post(hers, one, acte="retirer", membre=address, etait="answer", motif="x")
    assert not Membership.objects.filter(account=luc).exists()
    mine = claire.addresses.get(is_primary=True).address
    post(hers, one, acte="changer", membre=mine, etait="manage", role="read", motif="x")
    assert Membership.objects.get(account=claire).role == "manage"


def test_others_have_no_such_page(rouen: Academy, claire: Account, box: FunctionalMailbox) -> None:
    """A reader doesn't name members, nor does a stranger; nobody asks for a mailbox of another school."""
    luc, his = somebody(rouen, "Petit")
    _eva, hers = somebody(rouen, "Autre", here=False)
    why: dict[str, Any] = {"by": BY, "reason": "tests", "now": timezone.now()}
    actions.set_member(box, luc, Role.READ, **why)
    address = claire.addresses.get(is_primary=True).address
    for visitor in (his, hers):
        assert get(visitor, f"{PAGE}{box.pk}/").status_code == 404
        sent = post(visitor, f"{PAGE}{box.pk}/", acte="retirer", membre=address, etait="manage", motif="x")
        assert sent.status_code == 404
    assert post(hers, f"{PAGE}demander/", boite=str(box.pk), role="read", motif="x").status_code == 404
    assert post(hers, f"{PAGE}{box.pk}/quitter/").status_code == 404
    assert "Boîtes partagées" not in said(get(hers, "/compte/"))
    assert Membership.objects.count() == 2


def test_what_somebody_asked_is_theirs_to_take_back(
    rouen: Academy, claire: Account, box: FunctionalMailbox
) -> None:
    _luc, his = somebody(rouen, "Petit")
    _eva, hers = somebody(rouen, "Autre")
    post(his, f"{PAGE}demander/", boite=str(box.pk), role="read", motif="standard")
    row = Request.objects.get()
    assert post(hers, f"{PAGE}demandes/{row.pk}/retirer/").status_code == 404
    post(his, f"{PAGE}demandes/{row.pk}/retirer/")
    row.refresh_from_db()
    assert row.state == "withdrawn"
