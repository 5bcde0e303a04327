"""Making the engines agree with the directory: mailboxes first, then what is published about them.

Everything here can be done again at any time: it looks at what the directory says
now and changes what differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from casier.audit.wake import client
from casier.directory.life import OUT
from casier.directory.models import (
    Academy,
    Account,
    Delegation,
    FunctionalMailbox,
    Membership,
)
from casier.directory.publishing import (
    Policies,
    accounts_to_publish,
    mailboxes_to_publish,
    publish_accounts,
    publish_domains,
    publish_mailboxes,
)
from casier.identity.models import AppPassword
from casier.identity.publish import publish_app_passwords
from casier.identity.sessions import end_all
from casier.kernel import published
from casier.kernel.chunks import chunks
from casier.mailbox.delegations.following import follow
from casier.mailbox.filters.publishing import publish_verified
from casier.mailbox.stores import store_named
from casier.mailbox.wanted import WantedMailbox, of_account, of_mailbox, who_gave, whole_kilobytes
from casier.policies.api import policy_for

CHUNK = 200
# What is published is as the schema has it: another schema, after an upgrade, and all of it is written again.
EDITION = hashlib.sha256(Path(published.__file__).read_bytes()).hexdigest()[:16]

# What went wrong, by key of the owner; nothing where all went well.
Failures = dict[str, str]


def ensure(wanted: WantedMailbox) -> None:
    """Make one mailbox what it should be. Touches no database, so that several can be made at once."""
    store = store_named(wanted.store)
    if wanted.opens:
        store.ensure_mailbox(wanted.key, wanted.quota_bytes, rights=wanted.rights, own=wanted.own)
    else:
        store.ensure_unopened(wanted.key, wanted.quota_bytes)
        if wanted.rights is not None:
            store.set_rights(wanted.key, wanted.rights, wanted.own)


def provision_accounts(ids: Iterable[str], pool: Executor) -> Failures:
    """Provision and publish these accounts (public ids)."""
    policies = Policies()
    accounts = accounts_to_publish().filter(pk__in=[UUID(hex=key) for key in ids])
    found = {account.public_id: account for account in accounts}
    gave = who_gave(found.values())
    wanted = {key: of_account(one, policies.of(one.academy), gave) for key, one in found.items()}
    failures = _ensure_all(wanted, pool)
    done = [account.pk for key, account in found.items() if key not in failures and wanted[key]]
    Account.objects.filter(pk__in=done, provisioned_at=None).update(provisioned_at=timezone.now())
    # Also those that failed: whether they are suspended must be known at once.
    publish_accounts(account.pk for account in found.values())
    _publish_app_passwords(found)
    return failures


def provision_mailboxes(ids: Iterable[str], pool: Executor) -> Failures:
    """Provision and publish these functional mailboxes (ids in hex)."""
    policies = Policies()
    mailboxes = functional_with_members().filter(pk__in=[UUID(hex=key) for key in ids])
    found = {mailbox.pk.hex: mailbox for mailbox in mailboxes}
    wanted = {key: of_mailbox(mailbox, policies.of(mailbox.academy)) for key, mailbox in found.items()}
    failures = _ensure_all(wanted, pool)
    done = [mailbox.pk for key, mailbox in found.items() if key not in failures and wanted[key]]
    FunctionalMailbox.objects.filter(pk__in=done, provisioned_at=None).update(provisioned_at=timezone.now())
    publish_mailboxes(mailbox.pk for mailbox in found.values())
    return failures


def functional_with_members() -> QuerySet[FunctionalMailbox]:
    """Functional mailboxes with what their rights need."""
    members = Membership.objects.select_related("account")
    return mailboxes_to_publish().prefetch_related(Prefetch("memberships", queryset=members))


def _ensure_all(wanted: Mapping[str, WantedMailbox | None], pool: Executor) -> Failures:
    started = {key: pool.submit(ensure, mailbox) for key, mailbox in wanted.items() if mailbox}
    return failures_of(started)


def failures_of(started: Mapping[str, Future[None]]) -> Failures:
    """Wait for all of STARTED; what went wrong, by key."""
    failures = {}
    for key, future in started.items():
        if error := future.exception():
            failures[key] = f"{type(error).__name__}: {error}"
    return failures


def _publish_app_passwords(accounts: Mapping[str, Account]) -> None:
    holders = AppPassword.objects.filter(account__in=[account.pk for account in accounts.values()])
    for pk in holders.values_list("account", flat=True).distinct():
        publish_app_passwords(accounts[pk.hex])


def enforce_access(account: Account) -> None:
    """End the connections of an account that is out; let one that is back connect again."""
    store = store_named(account.store.name)
    if account.state in OUT:
        # The edge lets nobody in already; a session must not come back to life when the account does.
        end_all(account.public_id)
        store.cut(account.mailbox_key)
    else:
        store.restore(account.mailbox_key)


def follow_policy(academy: Academy) -> None:
    """Publish everyone of ACADEMY anew and set the quotas that differ from what the policy says now."""
    policy = policy_for(academy)
    accounts = Account.objects.filter(academy=academy).select_related("academy", "store")
    for chunk in chunks(accounts.iterator(chunk_size=CHUNK), CHUNK):
        publish_accounts(account.pk for account in chunk)
        _set_quotas([of_account(account, policy) for account in chunk if account.provisioned_at])
    open_rows = Delegation.objects.filter(owner__academy=academy, ended_at=None)
    for key in open_rows.values_list("pk", flat=True):
        follow(key.hex, timezone.now())
    for mailbox in functional_with_members().filter(academy=academy):
        publish_mailboxes([mailbox.pk])
        _set_quotas([of_mailbox(mailbox, policy)] if mailbox.provisioned_at else [])


def publish_everyone(academy: Academy) -> int:
    """Publish every account and functional mailbox of ACADEMY from nothing; how many."""
    count = 0
    accounts = Account.objects.filter(academy=academy)
    for chunk in chunks(accounts.iterator(chunk_size=CHUNK), CHUNK):
        publish_accounts(account.pk for account in chunk)
        _publish_app_passwords({account.public_id: account for account in chunk})
        publish_verified(chunk)
        count += len(chunk)
    ids = list(FunctionalMailbox.objects.filter(academy=academy).values_list("pk", flat=True))
    publish_mailboxes(ids)
    return count + len(ids)


def publish_all() -> int:
    """Publish everything from nothing; how many accounts and functional mailboxes.

    The word that all is there comes last: until then, the edge takes what it doesn't find for unknown.
    """
    count = sum(publish_everyone(academy) for academy in Academy.objects.all())
    publish_domains()
    client(settings.REDIS_SOCKET).set(published.COMPLETE, EDITION)
    return count


def publish_what_was_lost() -> int:
    """Publish everything where Redis has lost it, never had it, or has it from before an upgrade; how many.

    What an older version wrote stays in use until it is written over: nothing waits for an upgrade.
    """
    return 0 if client(settings.REDIS_SOCKET).get(published.COMPLETE) == EDITION.encode() else publish_all()


def _set_quotas(wanted: Iterable[WantedMailbox | None]) -> None:
    mailboxes = [mailbox for mailbox in wanted if mailbox]
    for name in {mailbox.store for mailbox in mailboxes}:
        store = store_named(name)
        here = {mailbox.key: mailbox for mailbox in mailboxes if mailbox.store == name}
        for key, held in store.quotas(list(here)).items():
            if held != whole_kilobytes(here[key].quota_bytes):
                store.set_quota(key, here[key].quota_bytes)
