"""A small academy for tests of identity, portal and sending."""

from __future__ import annotations

from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.actions.academies import NewAcademy, create_academy
from casier.directory.actions.mailboxes import NewMailbox, create_functional_mailbox, set_member
from casier.directory.actions.people import NewAccount, create_account
from casier.directory.models import Academy, Account, Role
from casier.identity.api import set_password
from casier.kernel.secret import Secret
from casier.policies.api import shipped

BY = Actor.system("tests")
PASSWORD = "tulipe-Verte-93-orage"


def academy(slug: str = "rouen", domains: tuple[str, ...] = ("ac-rouen.fr", "ac-normandie.fr")) -> Academy:
    new = NewAcademy(slug, f"Académie de {slug}", "#1b5e57", domains, (f"{slug}.localhost",), shipped(slug))
    return create_academy(new, by=BY, reason="tests", now=timezone.now())


def person(owner: Academy, given: str = "Claire", family: str = "Lefèvre", password: str = "") -> Account:
    account = create_account(owner, NewAccount(given, family), by=BY, reason="tests", now=timezone.now())
    if password:
        set_password(account, Secret(password), BY)
    return account


def lend_mailbox(owner: Academy, account: Account, role: Role) -> str:
    """A functional mailbox that ACCOUNT belongs to; its address."""
    new = NewMailbox("Vie scolaire", address="viesco@ac-rouen.fr")
    box = create_functional_mailbox(owner, new, by=BY, reason="tests", now=timezone.now())
    set_member(box, account, role, by=BY, reason="tests", now=timezone.now())
    return "viesco@ac-rouen.fr"
