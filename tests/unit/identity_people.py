"""A small academy for tests of identity, portal and sending."""

from __future__ import annotations

from django.utils import timezone
from msgspec.structs import replace

from casier.audit.api import Actor
from casier.directory.actions.academies import NewAcademy, create_academy
from casier.directory.actions.mailboxes import NewMailbox, create_functional_mailbox, set_member
from casier.directory.actions.people import NewAccount, create_account
from casier.directory.models import Academy, Account, Role
from casier.identity.activation.api import accept_all
from casier.identity.api import set_password
from casier.kernel.secret import Secret
from casier.policies.api import shipped

BY = Actor.system("tests")
PASSWORD = "tulipe-Verte-93-orage"


def academy(slug: str = "rouen", domains: tuple[str, ...] = ("ac-rouen.fr", "ac-normandie.fr")) -> Academy:
    """An academy with the shipped policy, and nothing to be done between a password and the mail."""
    policy = shipped(slug)
    policy = replace(
        policy,
        activation=replace(policy.activation, record_recovery=False),
        second_factor=replace(
            policy.second_factor, requirement="off", contexts=(), enrolment_days=0, grace_days=0
        ),
    )
    new = NewAcademy(slug, f"Académie de {slug}", "#1b5e57", domains, (f"{slug}.localhost",), policy)
    return create_academy(new, by=BY, reason="tests", now=timezone.now())


def person(owner: Academy, given: str = "Claire", family: str = "Lefèvre", password: str = "") -> Account:
    """Somebody; with PASSWORD, who has read the charter and can come in."""
    account = create_account(owner, NewAccount(given, family), by=BY, reason="tests", now=timezone.now())
    if password:
        set_password(account, Secret(password), BY)
        accept_all(account, BY, timezone.now())
    return account


def lend_mailbox(owner: Academy, account: Account, role: Role) -> str:
    """A functional mailbox that ACCOUNT belongs to; its address."""
    new = NewMailbox("Vie scolaire", address="viesco@ac-rouen.fr")
    box = create_functional_mailbox(owner, new, by=BY, reason="tests", now=timezone.now())
    set_member(box, account, role, by=BY, reason="tests", now=timezone.now())
    return "viesco@ac-rouen.fr"
