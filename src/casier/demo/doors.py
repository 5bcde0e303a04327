"""How the demonstration's people come in: what they have accepted, shown and been charged with.

Everything is known, so that whoever tries the demonstration can be anyone: the application's codes by
`./casier demo code`, what goes to their telephones and backup addresses by `./casier demo phone`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.demo.cast import PASSWORD, Person
from casier.directory.actions.accounts import resume
from casier.directory.actions.mandates import NewMandate, give_mandate
from casier.directory.models import Account, Mandate, Office, School
from casier.identity.activation.documents import accept_all
from casier.identity.factors.demo import enrol_known_totp, known_secret
from casier.identity.guard.api import unlock
from casier.identity.hashers import hashed
from casier.identity.means.demo import give_means
from casier.identity.models import PasswordKind, User
from casier.policies.api import policy_for

_WHY = "démonstration"
_OFFICES = {
    "it": Office.DSI,
    "security": Office.SECURITY,
    "helpdesk": Office.HELP_DESK,
    "head": Office.HEAD,
    "dpo": Office.DPO,
}


def furnish(person: Person, account: Account, by: Actor, now: datetime) -> None:
    """Give ACCOUNT what someone has who came in long ago. Doing it twice changes nothing."""
    accept_all(account, by, now)
    give_means(account, backup_address(person))
    office = _OFFICES.get(person.role)
    if office and not Mandate.objects.filter(account=account, office=office).exists():
        give_mandate(account, _mandate(office, person), by=by, reason=_WHY, now=now)
    if office or policy_for(account.academy).second_factor.requirement == "required":
        enrol_known_totp(account, known_secret(person.address))


def restore(person: Person, account: Account, by: Actor, now: datetime) -> None:
    """Give ACCOUNT back what it came with: whoever tries the ways back leaves other things behind."""
    account = resume(account, by=by, reason=_WHY, now=now)
    unlock(account, by=by, reason=_WHY)
    with transaction.atomic():
        user = User.objects.select_for_update().get(account=account)
        user.password, user.password_kind = hashed(PASSWORD), PasswordKind.OWN
        user.password_changed_at, user.temporary_until, user.change_forced_at = now, None, None
        user.save(
            update_fields=[
                "password", "password_kind", "password_changed_at", "temporary_until", "change_forced_at",
            ]
        )  # fmt: skip
        record(by, "demo.restored", f"account:{account.public_id}", _WHY, academy=account.academy.slug)
    furnish(person, account, by, now)


def backup_address(person: Person) -> str:
    """An address elsewhere, of a domain that can't exist (RFC 2606)."""
    return f"{person.address.partition('@')[0]}@boite-perso.example"


def _mandate(office: Office, person: Person) -> NewMandate:
    """A head has one school; the others the academy."""
    own = School.objects.filter(uai=person.school).first() if office is Office.HEAD else None
    return NewMandate(office, own)
