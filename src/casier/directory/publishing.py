"""What the directory publishes in Redis for the parts that ask at run time: a cache, rebuilt at will."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from casier.audit.wake import client
from casier.directory.delegating import effective
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Address,
    DelegateRight,
    Delegation,
    FunctionalMailbox,
    MailDomain,
    Membership,
    Role,
    WebHost,
)
from casier.engines.engine import Facts, facts_file
from casier.kernel import published
from casier.kernel.addresses import PLATFORM_DOMAIN
from casier.kernel.published import Access, AddressState, Delivery
from casier.kernel.published import AccountState as AccountRecord
from casier.policies.api import Policy, policy_for

log = logging.getLogger(__name__)
_ACCESS = {
    AccountState.INVITED: Access.OPEN,
    AccountState.ACTIVE: Access.OPEN,
    AccountState.SUSPENDED: Access.SUSPENDED,
    AccountState.LEAVING: Access.OPEN,
    AccountState.CLOSED: Access.CLOSED,
    AccountState.PURGED: Access.CLOSED,
}
# A key and what it should hold; None: nothing.
Record = tuple[str, str | None]


class Policies:
    """The policy of each academy, asked once."""

    def __init__(self) -> None:
        self._known: dict[int, Policy] = {}

    def of(self, academy: Academy) -> Policy:
        if academy.pk not in self._known:
            self._known[academy.pk] = policy_for(academy)
        return self._known[academy.pk]


def accounts_to_publish() -> QuerySet[Account]:
    """Accounts with everything that their records need, in few queries."""
    memberships = Membership.objects.select_related("mailbox").prefetch_related("mailbox__addresses")
    held = Delegation.objects.filter(ended_at=None).select_related("owner")
    return Account.objects.select_related("academy", "store").prefetch_related(
        "addresses",
        Prefetch("memberships", queryset=memberships),
        Prefetch("delegations_held", queryset=held.prefetch_related("owner__addresses")),
        Prefetch("delegations_given", queryset=held),
    )


def mailboxes_to_publish() -> QuerySet[FunctionalMailbox]:
    """Functional mailboxes with what their records need."""
    return FunctionalMailbox.objects.select_related("academy", "store").prefetch_related("addresses")


def account_records(account: Account, policy: Policy) -> Iterator[Record]:
    """Every record about an account."""
    yield published.account_key(account.public_id), account_record(account, policy).dumps()
    yield published.mailbox_owner_key(account.mailbox_key), account.public_id
    yield from _address_records(account, account.addresses.all(), policy)


def mailbox_records(mailbox: FunctionalMailbox, policy: Policy) -> Iterator[Record]:
    """Every record about a functional mailbox."""
    yield from _address_records(mailbox, mailbox.addresses.all(), policy)


def account_record(account: Account, policy: Policy) -> AccountRecord:
    """What the edge must know of an account."""
    own = [address.address for address in account.addresses.all() if address.retired_at is None]
    memberships = [member for member in account.memberships.all() if not member.mailbox.is_closed]
    lent = [
        address.address
        for member in memberships
        if member.role in {Role.ANSWER, Role.MANAGE}
        for address in member.mailbox.addresses.all()
        if address.retired_at is None
    ]
    held = list(effective(account.delegations_held.all(), policy, timezone.now()))
    return AccountRecord(
        id=account.public_id,
        mailbox_key=account.mailbox_key,
        store=account.store.name,
        academy=account.academy.slug,
        access=_ACCESS[AccountState(account.state)],
        addresses=sorted(own) + sorted(lent),
        lent=sorted(lent),
        sends_as=_until(held, DelegateRight.SEND_AS),
        behalf=_until(held, DelegateRight.BEHALF),
        shared=sorted(
            {member.mailbox.mailbox_key for member in memberships}
            | {row.owner.mailbox_key for row, _right in held}
        ),
        lends=bool(account.delegations_given.all()),
        idle_seconds=policy.sessions.idle_minutes * 60,
        absolute_seconds=policy.sessions.absolute_hours * 3600,
        attachment_bytes=policy.mail.attachment_bytes,
        networks=list(policy.allowed_networks),
        redirects=policy.rules.redirect,
        redirect_addresses=policy.rules.redirect_addresses,
    )


def _until(held: Iterable[tuple[Delegation, DelegateRight]], wanted: DelegateRight) -> dict[str, int]:
    """The addresses of those who gave this right, each with when it ends: the edge looks at its clock."""
    return {
        address.address: int(row.ends_at.timestamp())
        for row, right in held
        if right is wanted
        for address in row.owner.addresses.all()
        if address.retired_at is None
    }


def _address_records(
    owner: Account | FunctionalMailbox, addresses: Iterable[Address], policy: Policy
) -> Iterator[Record]:
    state = AddressState(
        mailbox_key=owner.mailbox_key,
        store=owner.store.name,
        delivery=Delivery.READY if owner.provisioned_at else Delivery.PENDING,
        attachment_bytes=policy.mail.attachment_bytes,
    )
    for address in addresses:
        yield published.address_key(address.address), _where(address, state)


def _where(address: Address, state: AddressState) -> str | None:
    """An address that ended leads nowhere, or where somebody decided: no mailbox waits for it there."""
    if address.retired_at is None:
        return state.dumps()
    if not address.leads_to:
        return None
    return replace(state, leads_to=address.leads_to, delivery=Delivery.READY).dumps()


def write(records: Iterable[Record], store: redis.Redis | None = None) -> None:
    """Make Redis hold RECORDS, in one round trip."""
    pipeline = (store or client(settings.REDIS_SOCKET)).pipeline(transaction=False)
    for key, value in records:
        if value is None:
            pipeline.delete(key)
        else:
            pipeline.set(key, value)
    pipeline.execute()


def publish_accounts(ids: Iterable[Any]) -> None:
    """Publish these accounts as the directory has them now."""
    policies = Policies()
    accounts = accounts_to_publish().filter(pk__in=list(ids))
    write(record for account in accounts for record in account_records(account, policies.of(account.academy)))


def publish_mailboxes(ids: Iterable[Any]) -> None:
    """Publish these functional mailboxes as the directory has them now."""
    policies = Policies()
    mailboxes = mailboxes_to_publish().filter(pk__in=list(ids))
    write(
        record for mailbox in mailboxes for record in mailbox_records(mailbox, policies.of(mailbox.academy))
    )


def publish_after_commit(account: Account) -> None:
    """Publish at once when the transaction commits; end what is open when the account is out.

    The worker does the same again from the outbox, so nothing is lost when Redis is down here.
    """
    transaction.on_commit(lambda: _publish_now(account))


def _publish_now(account: Account) -> None:
    try:
        publish_accounts([account.pk])
        if _ACCESS[AccountState(account.state)] is not Access.OPEN:
            client(settings.REDIS_SOCKET).publish(published.CHANNEL_ENDED, account.public_id)
    except redis.RedisError as error:
        log.warning("account %s: not published yet (%s)", account.public_id, type(error).__name__)


def publish_domains() -> None:
    """Publish which mail domains are ours, and what the engines' configuration needs to know."""
    domains = list(MailDomain.objects.order_by("name").values_list("name", "academy__slug"))
    names = [name for name, _academy in domains]
    pipeline = client(settings.REDIS_SOCKET).pipeline(transaction=True)
    pipeline.delete(published.DOMAINS)
    pipeline.sadd(published.DOMAINS, PLATFORM_DOMAIN, *names)
    for academy in {academy for _name, academy in domains}:
        key = published.academy_domains_key(academy)
        pipeline.delete(key)
        pipeline.sadd(key, *(name for name, owner in domains if owner == academy))
    pipeline.execute()
    write_facts(engine_facts(names))


def engine_facts(domains: list[str]) -> Facts:
    """What the engines are configured with."""
    instance = settings.CASIER_INSTANCE
    academies = list(Academy.objects.all())
    sizes = [policy_for(academy).mail.attachment_bytes for academy in academies]
    hosts = set(WebHost.objects.values_list("host", flat=True)) | {"localhost"}
    before = Facts.load(instance)
    return Facts(
        domains=tuple(sorted(domains)),
        hosts=tuple(sorted(hosts)),
        public_host=before.public_host,
        resolvers=before.resolvers,
        attachment_bytes=max(sizes, default=before.attachment_bytes),
    )


def write_facts(facts: Facts) -> None:
    """Write the engines' facts, whole or not at all."""
    path = facts_file(settings.CASIER_INSTANCE)
    staging = path.with_suffix(".new")
    staging.write_text(
        json.dumps(asdict(facts), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    staging.replace(path)
