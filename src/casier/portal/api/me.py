"""Who is signed in, as the web client needs to know it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest

from casier.directory.access import primary_address
from casier.directory.models import Account, Address, Role
from casier.identity import sessions
from casier.identity.models import User
from casier.mailbox.choices.actions import choices_of
from casier.mailbox.sending.actions import waiting_sends
from casier.mailbox.writing.signature import signatures_of
from casier.policies.api import policy_for
from casier.portal.api import schemas


def me_of(request: HttpRequest, user: User) -> schemas.Me:
    """The person, their academy, the addresses they may send as, what they share, and their limits."""
    account = user.account
    policy = policy_for(account.academy)
    terms = sessions.Terms(**request.session[sessions.TERMS])
    memberships = account.memberships.filter(mailbox__is_closed=False).select_related("mailbox")
    roles = {row.mailbox_id: row.role for row in memberships}
    boxes = list(
        Address.objects.filter(mailbox__in=roles, is_primary=True)
        .select_related("mailbox")
        .order_by("address")
    )
    may_write = [box for box in boxes if box.mailbox_id and roles[box.mailbox_id] != Role.READ]
    lent = [schemas.Identity(name=_name(box), email=box.address) for box in may_write]
    return schemas.Me(
        account=_account(account),
        academy=schemas.AcademyShape(
            slug=account.academy.slug,
            name=account.academy.name,
            accent=account.academy.accent,
            domains=list(account.academy.domains.order_by("name").values_list("name", flat=True)),
        ),
        identities=[*_own(account), *lent],
        shared=[
            schemas.Shared(mailbox_key=box.mailbox.mailbox_key, name=_name(box), email=box.address)
            for box in boxes
            if box.mailbox
        ],
        limits=schemas.Limits(
            attachment_bytes=policy.mail.attachment_bytes,
            undo_seconds=policy.mail.undo_seconds,
            idle_seconds=terms.idle_seconds,
            warning_seconds=policy.sessions.warning_seconds,
        ),
        signature=schemas.SignatureShape(
            mode=policy.writing.signature,
            by=[
                schemas.Signed(email=email, html=filled.html, text=filled.text)
                for email, filled in signatures_of(account, policy).items()
            ],
        ),
        outside=policy.writing.outside,
        waiting=waiting_sends(account),
        locale="en" if user.locale == "en" else "fr",
        theme=cast("Any", user.theme),
        shared_computer=terms.shared_computer,
        settings=choices_of(account),
    )


def _account(account: Account) -> schemas.AccountShape:
    return schemas.AccountShape(
        id=account.public_id,
        name=account.person.full_name,
        address=primary_address(account),
        mailbox_key=account.mailbox_key,
    )


def _own(account: Account) -> list[schemas.Identity]:
    """One identity for each address of theirs, the main one first."""
    own = account.addresses.filter(retired_at__isnull=True).order_by("-is_primary", "address")
    return [schemas.Identity(name=account.person.full_name, email=row.address) for row in own]


def _name(box: Address) -> str:
    return box.mailbox.name if box.mailbox else ""
