"""What the owner of a file decides: who may fetch it, how long, how often; and to take it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity.hashers import hashed
from casier.kernel.addresses import BadAddress, MailAddress
from casier.kernel.secret import Secret
from casier.mailbox.links.access import addresses_of, is_ours, link_of
from casier.mailbox.links.errors import (
    BadTerms,
    NotSendable,
    OutsidersNotAllowed,
    PasswordNeeded,
)
from casier.mailbox.links.models import Link, LinkRecipient, State
from casier.mailbox.links.receiving import digest_of
from casier.mailbox.links.storage import coming_file, storage_for
from casier.policies.api import policy_for

MOST_RECIPIENTS = 500
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
SENDABLE = (State.CHECKING, State.READY)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a file is fetched. None: as it was."""

    days: int | None = None  # 0: the academy's default
    password: Secret | None = None  # empty: none
    max_downloads: int | None = None  # 0: no limit
    sensitive: bool | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """The message that the files go with."""

    sender: str
    subject: str
    recipients: tuple[str, ...]


def send_by_link(
    account: Account, tokens: Sequence[str], sending: Sending, *, by: Actor, now: datetime
) -> list[Link]:
    """Give the files whose TOKENS stand in a message to those whom it goes to. All of them or none.

    Tokens of others are left alone: they stand in what is quoted. Called again (a message that was taken back
    or passed on), it adds recipients; who was taken out of the message never got the token.
    """
    recipients = _recipients(sending.recipients)
    outside = any(not is_ours(address) for address in recipients)
    sender = sending.sender.lower() if sending.sender.lower() in addresses_of(account) else ""
    with transaction.atomic():
        links = list(links_with(account, tokens))
        for link in links:
            _sendable(link)
            _may_leave(link, outside=outside)
            link.sender, link.subject = sender, sending.subject[:200]
            link.sent_at = link.sent_at or now
            link.expires_at = now + timedelta(days=_days(link))
            link.save()
            _give_to(link, recipients)
            record(
                by, "link.sent", f"link:{link.id.hex}", "", academy=account.academy.slug, at=now,
                name=link.name, recipients=sorted(recipients), expires=link.expires_at.isoformat(),
                password=bool(link.password), sensitive=link.sensitive,
            )  # fmt: skip
    return links


def links_with(account: Account, tokens: Sequence[str]) -> QuerySet[Link]:
    """Those of this person's links that have these tokens."""
    digests = [digest_of(token) for token in tokens]
    return _own(account).filter(token_digest__in=digests).order_by("created_at")


def _own(account: Account) -> QuerySet[Link]:
    return Link.objects.select_related("account__academy").filter(account=account)


def _may_leave(link: Link, *, outside: bool) -> None:
    policy = policy_for(link.account.academy).links
    if outside and not policy.outsiders:
        raise OutsidersNotAllowed(link=link.id.hex)
    if outside and policy.outsider_password and not link.password:
        raise PasswordNeeded(link=link.id.hex)


def _days(link: Link) -> int:
    return link.days or policy_for(link.account.academy).links.default_days


def set_terms(account: Account, link_id: str, terms: Terms, *, by: Actor, now: datetime) -> Link:
    """How long from now on, with which password, how often: before the file is sent, and after.

    Raises BadTerms beyond what the policy lets pass, PasswordNeeded where it asks for one that is taken away.
    """
    longest = policy_for(account.academy).links.longest_days
    if terms.days is not None and not 0 <= terms.days <= longest:
        raise BadTerms(days=terms.days, longest=longest)
    password = None if terms.password is None else _password(terms.password)
    with transaction.atomic():
        link = link_of(account, link_id)
        if link.revoked_at or link.emptied_at:
            raise NotSendable(link=link.id.hex, state=link.state)
        if terms.days is not None:
            link.days = terms.days
            link.expires_at = now + timedelta(days=_days(link))
        link.password = link.password if password is None else password
        if password == "":
            given = link.recipients.values_list("address", flat=True)
            _may_leave(link, outside=any(not is_ours(address) for address in given))
        if terms.max_downloads is not None:
            link.max_downloads = terms.max_downloads or None
        link.sensitive = link.sensitive if terms.sensitive is None else terms.sensitive
        link.save()
        record(
            by, "link.terms", f"link:{link.id.hex}", "", academy=account.academy.slug, at=now,
            expires=link.expires_at.isoformat(), password=bool(link.password), most=link.max_downloads or 0,
        )  # fmt: skip
    return link


def _sendable(link: Link) -> None:
    if link.state not in SENDABLE or link.revoked_at or link.emptied_at:
        raise NotSendable(link=link.id.hex, state=link.state)


def _recipients(addresses: Iterable[str]) -> set[str]:
    try:
        found = {str(MailAddress.parse(address)) for address in addresses}
    except BadAddress as error:
        raise BadTerms(address=str(error)) from error
    if not 0 < len(found) <= MOST_RECIPIENTS:
        raise BadTerms(recipients=len(found))
    return found


def _password(given: Secret) -> str:
    if not given.reveal():
        return ""
    if not SHORTEST_PASSWORD <= len(given.reveal()) <= LONGEST_PASSWORD:
        raise BadTerms(password="length")  # noqa: S106 - says what is wrong with it
    return hashed(given.reveal())


def _give_to(link: Link, recipients: set[str]) -> None:
    known = set(link.recipients.values_list("address", flat=True))
    LinkRecipient.objects.bulk_create(
        LinkRecipient(link=link, address=address) for address in sorted(recipients - known)
    )


def revoke(account: Account, link_id: str, *, by: Actor, now: datetime) -> Link:
    """Nobody fetches the file from now on; its bytes go at once."""
    return revoke_by(link_of(account, link_id), by=by, reason="", now=now)


def revoke_by(link: Link, *, by: Actor, reason: str, now: datetime) -> Link:
    """The same, for whoever may do it to any link."""
    if link.revoked_at is None:
        with transaction.atomic():
            Link.objects.filter(pk=link.pk).update(revoked_at=now)
            slug = link.account.academy.slug
            record(by, "link.revoked", f"link:{link.id.hex}", reason, academy=slug, at=now, name=link.name)
        link.refresh_from_db()
    empty(link, now)
    return link


def empty(link: Link, now: datetime) -> None:
    """Delete the bytes. Interrupted anywhere, it can be done again."""
    coming_file(settings.CASIER_INSTANCE, link.id).unlink(missing_ok=True)
    if link.state == State.READY:
        storage_for(settings.CASIER_INSTANCE, link.storage).forget(link.id)
    Link.objects.filter(pk=link.pk, emptied_at=None).update(emptied_at=now)


def links_sent(account: Account) -> QuerySet[Link]:
    """What this person has under way or has sent, the newest first."""
    given_up = Q(state=State.COMING, emptied_at__isnull=False) | Q(revoked_at__isnull=False)
    kept = Link.objects.filter(account=account).exclude(given_up, sent_at=None)
    return kept.prefetch_related("recipients", "fetched").order_by("-created_at")


def over(now: datetime) -> Q:
    """Whose time is up, while the bytes are there."""
    return Q(emptied_at=None) & (Q(expires_at__lte=now) | Q(revoked_at__isnull=False))


def link_by_id(text: str) -> Link | None:
    """The link with this id, whoever's it is: for the command line."""
    try:
        return Link.objects.select_related("account__academy").filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None
