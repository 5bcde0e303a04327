"""The secured letter: asked for, approved, printed, posted, used. Its code is on the paper alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from casier.audit.api import Actor
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account
from casier.identity.history.api import Notice
from casier.identity.recovery import consequences, letter_code
from casier.identity.recovery.actions import WrongStep
from casier.identity.recovery.authority import (
    SamePerson,
    authorise,
    is_person,
    note,
    reason_in,
    second_person_wanted,
)
from casier.identity.recovery.models import Letter, LetterState
from casier.identity.recovery.paper import Sheet, printed
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

LONGEST_LINE = 60
MOST_LINES = 6
# A letter that nobody prints is forgotten after this long.
WAITS = timedelta(days=30)
_ON_ITS_WAY = (LetterState.ASKED, LetterState.APPROVED, LetterState.PRINTED, LetterState.POSTED)
_OPENS = (LetterState.PRINTED, LetterState.POSTED)


class NoSuchLetter(CasierError):
    """No letter has this id."""

    code = "no_such_letter"


class BadAddress(CasierError):
    """Two to six lines of an address are needed to print a letter."""

    code = "bad_address"


def ask_letter(
    account: Account, by: Actor, reason: str, *, address: Sequence[str] = (), resets_factors: bool = False
) -> Letter:
    """Have a letter made for ACCOUNT. From the help desk it is approved at once, unless a second must agree.

    ADDRESS: the lines below the name. RESETS_FACTORS: its code stands for a lost second factor, too.
    Raises NotAllowed, ReasonWanted, BadAddress, WrongState (closed), WrongStep (one is on its way).
    """
    now = timezone.now()
    if is_person(by):
        authorise(by, Ability.RESET, account, now)
    words, lines = reason_in(reason), lines_of(address)
    with transaction.atomic():
        locked = _account(account)
        expire_letters(now, account=locked)
        agreed = is_person(by) and not _second_wanted(locked, now)
        try:
            with transaction.atomic():
                letter = Letter.objects.create(
                    account=locked, academy=locked.academy, address=lines, reason=words, asked_by=by.name,
                    asked_at=now, resets_factors=resets_factors and is_person(by),
                    state=LetterState.APPROVED if agreed else LetterState.ASKED,
                    approved_by=by.name if agreed else "", approved_at=now if agreed else None,
                )  # fmt: skip
        except IntegrityError as error:
            raise WrongStep("A letter to this person is on its way.") from error
        note(by, "letter_asked", locked, words, now, letter=letter.id.hex, factors=letter.resets_factors)
        if is_person(by):
            consequences.tell_of(locked, Notice.HELP_DESK, {"what": "letter", "reason": words})
    return letter


def approve_letter(
    letter_id: str,
    by: Actor,
    reason: str = "",
    *,
    address: Sequence[str] = (),
    resets_factors: bool | None = None,
) -> Letter:
    """Agree to a letter; where the address is still missing, say it now. Raises SamePerson, WrongStep."""
    now = timezone.now()
    with transaction.atomic():
        letter = _locked(letter_id)
        second = _second_wanted(letter.account, now)
        authorise(by, Ability.APPROVE_RESET if second else Ability.RESET, letter.account, now)
        if by.name == letter.asked_by:
            raise SamePerson("Who asked for it can't agree to it as well.")
        _must_be(letter, (LetterState.ASKED,), now)
        letter.address = lines_of(address) or letter.address
        if resets_factors is not None:
            letter.resets_factors = resets_factors
        letter.state, letter.approved_by, letter.approved_at = LetterState.APPROVED, by.name, now
        letter.save()
        note(
            by, "letter_approved", letter.account, reason, now,
            letter=letter.id.hex, factors=letter.resets_factors,
        )  # fmt: skip
    return letter


def print_letters(letter_ids: Sequence[str], by: Actor) -> bytes:
    """The letters as one PDF, ready to print and seal. Each gets its code here and now, for this print alone:
    printed again, the code of before is worth nothing. Nobody sees it but on paper.

    Raises NotAllowed, NoSuchLetter, WrongStep, BadAddress (none is known for one of them).
    """
    now = timezone.now()
    with transaction.atomic():
        chosen = [_locked(letter_id) for letter_id in dict.fromkeys(letter_ids)]
        if not chosen:
            raise NoSuchLetter("Choose a letter.")
        sheets = [_print(letter, by, now) for letter in chosen]
        return printed(sheets, chosen[0].academy)


def mark_posted(letter_id: str, by: Actor) -> Letter:
    """The letter has left the house."""
    now = timezone.now()
    with transaction.atomic():
        letter = _locked(letter_id)
        authorise(by, Ability.RESET, letter.account, now)
        _must_be(letter, (LetterState.PRINTED,), now)
        letter.state, letter.posted_by, letter.posted_at = LetterState.POSTED, by.name, now
        letter.address = []
        letter.save(update_fields=["state", "posted_by", "posted_at", "address"])
        note(by, "letter_posted", letter.account, "", now, letter=letter.id.hex)
    return letter


def revoke_letter(letter_id: str, by: Actor, reason: str) -> Letter:
    """Its code is worth nothing from now on."""
    now = timezone.now()
    with transaction.atomic():
        letter = _locked(letter_id)
        authorise(by, Ability.RESET, letter.account, now)
        _must_be(letter, _ON_ITS_WAY, now)
        words = reason_in(reason)
        _end(letter, LetterState.REVOKED, by.name, now)
        note(by, "letter_revoked", letter.account, words, now, letter=letter.id.hex)
    return letter


def letters(academy: Academy) -> QuerySet[Letter]:
    """The letters of ACADEMY as they stand now, the newest first."""
    expire_letters(timezone.now(), academy=academy)
    found = Letter.objects.filter(academy=academy)
    return found.select_related("account__person", "account__academy").order_by("-asked_at")


def use_letter(account: Account | None, code: Secret, source: str) -> Letter | None:
    """The letter of ACCOUNT that CODE opens, used from now on; None when there is none. It opens once."""
    now = timezone.now()
    mac = _mac(code)
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(of=("self",))
            .select_related("account__academy", "account__person")
            .filter(account=account, state__in=_OPENS, expires_at__gt=now)
            .first()
        )
        kept = letter.mac if letter else "0" * 64
        if not constant_time_compare(kept, mac) or letter is None:
            return None
        _end(letter, LetterState.USED, "", now, used_at=now)
        note(
            Actor.account(letter.account.public_id, source), "letter_used", letter.account, "", now,
            letter=letter.id.hex,
        )  # fmt: skip
    return letter


def revoke_all(account: Account, by: Actor, reason: str, now: datetime) -> int:
    """Letters still on their way open nothing any more; how many there were."""
    found = Letter.objects.select_for_update().filter(account=account, state__in=_ON_ITS_WAY)
    for letter in found:
        _end(letter, LetterState.REVOKED, by.name, now)
        note(by, "letter_revoked", account, reason, now, letter=letter.id.hex)
    return len(found)


def lines_of(address: Sequence[str]) -> list[str]:
    """The lines of an address as they are printed. Raises BadAddress when there is one line, or too many."""
    lines = [line for line in (" ".join(line.split())[:LONGEST_LINE] for line in address) if line]
    if lines and not 2 <= len(lines) <= MOST_LINES:
        raise BadAddress("An address has two to six lines.", most=MOST_LINES)
    return lines


def _print(letter: Letter, by: Actor, now: datetime) -> Sheet:
    authorise(by, Ability.RESET, letter.account, now)
    _must_be(letter, (LetterState.APPROVED, LetterState.PRINTED), now)
    if not letter.address:
        raise BadAddress("There is no address to send it to.", letter=letter.id.hex)
    code = letter_code.draw()
    letter.expires_at = now + timedelta(days=policy_for(letter.academy).recovery.letter_days)
    letter.mac = _mac(code)
    letter.state, letter.printed_by, letter.printed_at = LetterState.PRINTED, by.name, now
    letter.save(update_fields=["mac", "state", "printed_by", "printed_at", "expires_at"])
    note(by, "letter_printed", letter.account, "", now, letter=letter.id.hex)
    return Sheet(letter.account, tuple(letter.address), code, letter.expires_at, letter.resets_factors)


def _second_wanted(account: Account, now: datetime) -> bool:
    return second_person_wanted(account, policy_for(account.academy).recovery.four_eyes, now)


def _account(account: Account) -> Account:
    found = Account.objects.select_for_update(of=("self",)).select_related("academy", "person")
    locked = found.get(pk=account.pk)
    if locked.state in ENDED:
        raise WrongState("The account is closed.", state=locked.state)
    return locked


def _locked(letter_id: str) -> Letter:
    try:
        wanted = uuid.UUID(letter_id)
    except ValueError as error:
        raise NoSuchLetter("No such letter.", id=letter_id) from error
    found = Letter.objects.select_for_update(of=("self",))
    letter = found.select_related("account__academy", "account__person", "academy").filter(pk=wanted).first()
    if letter is None:
        raise NoSuchLetter("No such letter.", id=letter_id)
    return letter


def _must_be(letter: Letter, states: Sequence[LetterState], now: datetime) -> None:
    over = letter.expires_at is not None and letter.expires_at <= now
    if letter.state not in states or over:
        raise WrongStep("The letter is not there any more.", state=letter.state)


def expire_letters(now: datetime, **whose: Account | Academy) -> None:
    """Those whose time is up, or that nobody printed, are over; their addresses are forgotten."""
    mine = Letter.objects.filter(**whose)
    ended = {"state": LetterState.EXPIRED, "ended_at": now, "mac": "", "address": []}
    mine.filter(state__in=_OPENS, expires_at__lte=now).update(**ended)
    mine.filter(state__in=(LetterState.ASKED, LetterState.APPROVED), asked_at__lte=now - WAITS).update(
        **ended
    )


def _end(letter: Letter, state: LetterState, by: str, now: datetime, used_at: datetime | None = None) -> None:
    letter.state, letter.ended_by, letter.ended_at, letter.used_at = state, by, now, used_at
    letter.mac, letter.address = "", []
    letter.save(update_fields=["state", "ended_by", "ended_at", "used_at", "mac", "address"])


def _mac(code: Secret) -> str:
    """What the database knows of a code: a keyed hash. A slow one would add nothing to 74 bits of chance."""
    key = settings.CASIER_INSTANCE.key("django")
    return salted_hmac("casier.recovery.letter", code.reveal(), secret=key, algorithm="sha256").hexdigest()
