"""`./casier account invite`: many invitations at once, and the sheets to print."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from casier.boot.commands.speaking import REFUSED, as_json, complain, operator
from casier.boot.words import say
from casier.directory.access import academy_named, account_with, primary_address, school_with
from casier.directory.models import Account, AccountState
from casier.identity.activation.inviting import Invited, invite
from casier.identity.activation.sheets import MOST, TooManySheets, print_sheets, sheet_of

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line."""

    addresses: tuple[str, ...]
    school: str
    all_invited: bool
    academy: str
    pdf: str
    language: str
    reason: str
    json: bool


def run(asked: Asked) -> int:
    """Invite, print, tell; the exit code. With a PDF the secrets stand there and nowhere else."""
    if not asked.reason.strip():
        complain(say("Indiquez un motif (--reason).", "Give a reason (--reason)."))
        return 2
    accounts = _meant(asked)
    if not accounts:
        complain(say("Personne à inviter.", "Nobody to invite."))
        return REFUSED
    if len({account.academy_id for account in accounts}) > 1 and asked.pdf:
        complain(say("Un fichier par académie : ajoutez --academy.", "One file an academy: add --academy."))
        return 2
    if asked.pdf and len(accounts) > MOST:
        raise TooManySheets(f"At most {MOST} sheets in one file.", most=MOST)
    try:
        target = _Target(asked.pdf)
    except OSError as error:
        complain(
            say(
                f"{asked.pdf} ne peut pas être écrit ({error.strerror}). Essayez --pdf - > {asked.pdf}",
                f"{asked.pdf} can't be written ({error.strerror}). Try --pdf - > {asked.pdf}",
            )
        )
        return REFUSED
    invited, printed = _invite(accounts, asked)
    target.write(printed)
    _tell(asked, invited)
    return 0


def _invite(accounts: list[Account], asked: Asked) -> tuple[list[Invited], bytes]:
    """All or none: a sheet that couldn't be printed must not end the one that somebody holds."""
    by, now = operator(), timezone.now()
    with transaction.atomic():
        invited = [invite(account, by=by, reason=asked.reason, now=now) for account in accounts]
        if not asked.pdf:
            return invited, b""
        sheets = [sheet_of(one) for one in invited]
        return invited, print_sheets(accounts[0].academy, sheets, asked.language)


def _meant(asked: Asked) -> list[Account]:
    """Whose accounts: by address, of a school, or all that wait for their owners. Raises NotFound."""
    if asked.addresses:
        return [account_with(address) for address in asked.addresses]
    waiting = Account.objects.filter(state=AccountState.INVITED).select_related("academy", "person", "store")
    if asked.academy:
        waiting = waiting.filter(academy=academy_named(asked.academy))
    if asked.school:
        waiting = waiting.filter(person__postings__school=school_with(asked.school)).distinct()
    elif not asked.all_invited:
        return []
    return list(waiting.order_by("person__family_name", "person__given_name", "pk"))


class _Target:
    """The file that the sheets go into, opened before anything is changed. Only its owner reads it."""

    def __init__(self, name: str) -> None:
        self.file = None
        if name == _STANDARD_OUTPUT:
            self.file = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        elif name:
            self.file = os.fdopen(os.open(Path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def write(self, content: bytes) -> None:
        if self.file is not None:
            with self.file as file:
                file.write(content)


def _tell(asked: Asked, invited: list[Invited]) -> None:
    rows = [_facts(one, with_secret=not asked.pdf) for one in invited]
    if asked.pdf == _STANDARD_OUTPUT:
        complain(say(f"{len(rows)} feuilles.", f"{len(rows)} sheets."))
    elif asked.json:
        as_json(rows)
    else:
        for row in rows:
            print(f"{row['address']:<44} {row['until'] or '–':<12} {row.get('secret', '')}".rstrip())


def _facts(one: Invited, *, with_secret: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "address": primary_address(one.account),
        "name": one.account.person.full_name,
        "academy": one.account.academy.slug,
        "method": one.row.kind,
        "page": sheet_of(one).page,
        "until": one.row.expires_at.date().isoformat() if one.row.expires_at else "",
    }
    return facts | {"secret": sheet_of(one).secret} if with_secret else facts
