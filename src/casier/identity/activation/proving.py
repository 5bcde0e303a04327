"""Whether what somebody showed opens an account that waits for its owner.

Unknown, wrong, already open, suspended and too late get the same answer after the same work: one count, the
same queries, the same comparisons, one journal entry. What is right opens a road, not the account.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.access import numen_vault
from casier.directory.models import Academy, Account, AccountState
from casier.identity.activation import codes, limits
from casier.identity.activation.family_names import same_name
from casier.identity.activation.models import Invitation
from casier.identity.guard.api import note_right_proof, note_wrong_proof
from casier.identity.redis_link import answering
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.policies.policy import Activation

_NO_DAY = date(1, 1, 1)
_NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody showed at an academy's door, and where they come from."""

    academy: Academy
    source: str
    numen: Secret | None = None
    birth_date: date | None = None
    family_name: str = ""
    code: Secret | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """This is the owner of an account that waits for them."""

    account: Account


@dataclass(frozen=True, slots=True)
class NotProved:
    """Nothing here opens anything; nothing tells why."""


@dataclass(frozen=True, slots=True)
class Later:
    """Too many tries: nothing was looked at."""

    seconds: int


Outcome = Proved | NotProved | Later


def prove(shown: Shown, now: float) -> Outcome:
    """Whether SHOWN proves who it is. Raises Unavailable when tries can't be counted."""
    rules = policy_for(shown.academy).activation
    attempt = limits.Attempt(_index(shown), shown.source, shown.academy.slug)
    with answering() as redis:
        wait = limits.reserve(redis, attempt, now, rules.attempts)
    if wait:
        return Later(wait)
    account, invitation = _looked_up(shown, rules)
    fits = _fits(shown, account, rules)
    in_time = _in_time(account, invitation, rules, timezone.now())
    waiting = account is not None and account.state == AccountState.INVITED
    if account is None or not (fits and in_time and waiting):
        note_wrong_proof(shown.academy, attempt.index, shown.source, now)
        _note(shown, account, "identity.activation_refused")
        return NotProved()
    with answering() as redis:
        limits.succeed(redis, attempt)
    note_right_proof(shown.academy, now)
    _note(shown, account, "identity.activation_proved")
    return Proved(account)


def _index(shown: Shown) -> str:
    """What the tries are counted by: a keyed index of what was typed, whether or not anyone has it."""
    if shown.numen is not None:
        return numen_vault().index(shown.numen)
    return _mac(shown.code or Secret(""))


def _mac(code: Secret) -> str:
    return codes.mac_of(code, settings.CASIER_INSTANCE.key("numen"))


def _looked_up(shown: Shown, rules: Activation) -> tuple[Account | None, Invitation | None]:
    """Whose NUMEN or code this is, and the invitation in force. The same two queries whatever is found."""
    invitations = Invitation.objects.filter(ended_at=None).select_related(
        "account__academy", "account__person"
    )
    if rules.method == "arrival_code":
        coded = invitations.filter(mac=_mac(shown.code or Secret(""))).first()
        account = coded.account if coded else None
    else:
        index = numen_vault().index(shown.numen) if shown.numen else ""
        people = Account.objects.select_related("academy", "person")
        account = people.filter(person__numen_index=index).first()
        coded = None
    newest = invitations.filter(account_id=account.pk if account else _NOBODY).first()
    if account is not None and account.academy_id != shown.academy.pk:
        return None, None
    return account, coded or newest


def _fits(shown: Shown, account: Account | None, rules: Activation) -> bool:
    """Whether the rest of what was shown is that of ACCOUNT; compared with nobody's when there is none."""
    if rules.method != "numen_birth_date":
        return shown.numen is not None or shown.code is not None
    person = account.person if account else None
    born = (person.birth_date if person else None) or _NO_DAY
    said = shown.birth_date or date(1, 1, 2)
    right_day = hmac.compare_digest(born.isoformat().encode(), said.isoformat().encode())
    names = (person.family_name, person.birth_name) if person else ("Personne-Inconnue", "")
    return same_name(shown.family_name, names) and right_day


def _in_time(
    account: Account | None, invitation: Invitation | None, rules: Activation, now: datetime
) -> bool:
    """Whether the time to open the account isn't over: the invitation's, else counted from its making."""
    if account is None:
        return False
    if rules.method == "arrival_code" and invitation is None:
        return False
    if invitation is not None:
        return invitation.expires_at is None or now < invitation.expires_at
    return not rules.valid_days or now < account.created_at + timedelta(days=rules.valid_days)


def _note(shown: Shown, account: Account | None, action: str) -> None:
    """The journal knows whom it concerned, never what was typed."""
    target = f"account:{account.public_id}" if account else "account:unknown"
    with transaction.atomic():
        record(Actor("visitor", shown.source), action, target, "", academy=shown.academy.slug)
