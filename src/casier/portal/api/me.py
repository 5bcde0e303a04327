"""Who is signed in, as the web client needs to know it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.models import User
from casier.mailbox.choices.actions import choices_of
from casier.mailbox.delegations.access import Opened, opened_to
from casier.mailbox.sending.actions import waiting_sends
from casier.mailbox.writing.signature import signatures_of
from casier.policies.api import policy_for
from casier.portal.api import schemas


def me_of(request: HttpRequest, user: User) -> schemas.Me:
    """The person, their academy, the addresses they may send as, what they share, and their limits."""
    account = user.account
    policy = policy_for(account.academy)
    terms = sessions.Terms(**request.session[sessions.TERMS])
    others = opened_to(account, timezone.now())
    own = _own(account)
    return schemas.Me(
        account=_account(account, own),
        academy=schemas.AcademyShape(
            slug=account.academy.slug,
            name=account.academy.name,
            accent=account.academy.accent,
            domains=list(account.academy.domains.order_by("name").values_list("name", flat=True)),
        ),
        identities=[*own, *(identity for one in others for identity in _lent(one, own[0]))],
        shared=[
            schemas.Shared(
                mailbox_key=one.mailbox_key,
                name=one.name,
                email=one.address,
                addresses=list(one.addresses),
                kind=one.kind.value,
                writes=one.writes,
                until=one.until,
                delegation=one.delegation,
            )
            for one in others
        ],
        lends=account.delegations_given.filter(ended_at=None).exists(),
        limits=schemas.Limits(
            attachment_bytes=policy.mail.attachment_bytes,
            undo_seconds=policy.mail.undo_seconds,
            idle_seconds=terms.idle_seconds,
            warning_seconds=policy.sessions.warning_seconds,
        ),
        signature=schemas.SignatureShape(
            mode=policy.writing.signature,
            by=[
                schemas.Signed(email=way.address, on_behalf=way.on_behalf, html=filled.html, text=filled.text)
                for way, filled in signatures_of(account, policy).items()
            ],
        ),
        outside=policy.writing.outside,
        waiting=waiting_sends(account),
        locale="en" if user.locale == "en" else "fr",
        theme=cast("Any", user.theme),
        shared_computer=terms.shared_computer,
        settings=choices_of(account),
    )


def _account(account: Account, own: list[schemas.Identity]) -> schemas.AccountShape:
    return schemas.AccountShape(
        id=account.public_id,
        name=account.person.full_name,
        address=own[0].email if own else account.mailbox_key,
        mailbox_key=account.mailbox_key,
    )


def _own(account: Account) -> list[schemas.Identity]:
    """One identity for each address of theirs, the main one first."""
    own = account.addresses.filter(retired_at__isnull=True).order_by("-is_primary", "address")
    return [schemas.Identity(name=account.person.full_name, email=row.address) for row in own]


def _lent(other: Opened, own: schemas.Identity) -> list[schemas.Identity]:
    """The ways of writing for another's mailbox: as it, and with one's own name beside it."""
    ways = []
    if other.sends_as:
        ways += [schemas.Identity(name=other.name, email=address) for address in other.addresses]
    if other.on_behalf:
        sender = schemas.Named(name=own.name, email=own.email)
        ways.append(schemas.Identity(name=other.name, email=other.address, sender=sender))
    return ways
