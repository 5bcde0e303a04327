"""What is done for each topic of the outbox."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from django.conf import settings
from django.utils import timezone

from casier.audit.outbox import Task
from casier.audit.wake import tell_browsers
from casier.directory.access import accounts_by_id
from casier.directory.finding import refresh
from casier.directory.models import Academy
from casier.directory.publishing import publish_accounts, publish_domains
from casier.identity.history.telling import TOPIC as NOTICE
from casier.kernel.errors import CasierError
from casier.mailbox.delegations.following import EVENT as ACCESS_EVENT
from casier.mailbox.delegations.following import follow
from casier.mailbox.filters.renewing import TOPIC as RULES_EDITION
from casier.mailbox.filters.renewing import renew
from casier.mailbox.noticing import bring
from casier.mailbox.provisioning import (
    Failures,
    enforce_access,
    failures_of,
    follow_policy,
    provision_accounts,
    provision_mailboxes,
)

log = logging.getLogger(__name__)
Handler = Callable[[Sequence[str], Executor], Failures]
# Done before all else, apart from what takes long: someone must be out within a second.
URGENT_TOPICS = ("account.access", "delegation.changed")
TOPICS = ("academy.changed", "account.changed", "functional.changed", RULES_EDITION, NOTICE)


def consume(tasks: Sequence[Task], pool: Executor) -> dict[Task, str]:
    """Do TASKS; the failures, each with its reason. A failure of one topic leaves the others alone."""
    failed: dict[Task, str] = {}
    for topic, handler in _HANDLERS.items():
        chosen = {task.key: task for task in tasks if task.topic == topic}
        if chosen:
            failed.update(
                {chosen[key]: reason for key, reason in _guarded(handler, list(chosen), pool).items()}
            )
    return failed


def _guarded(handler: Handler, keys: list[str], pool: Executor) -> Failures:
    try:
        return handler(keys, pool)
    except Exception as error:
        # Whatever it was, the work is kept and tried again; the log says what happened.
        if not isinstance(error, CasierError):
            log.exception("outbox: %s failed", handler.__name__)
        return dict.fromkeys(keys, f"{type(error).__name__}: {error}")


def _academies(slugs: Sequence[str], _pool: Executor) -> Failures:
    """Domains, hosts or policy changed: what is published and the quotas follow."""
    publish_domains()
    for academy in Academy.objects.filter(slug__in=slugs):
        follow_policy(academy)
    return {}


def _access(ids: Sequence[str], pool: Executor) -> Failures:
    """Publish first: the web is shut by that. Connections are ended side by side, as each takes seconds."""
    accounts = {account.public_id: account for account in accounts_by_id(ids)}
    publish_accounts(account.pk for account in accounts.values())
    started = {key: pool.submit(enforce_access, account) for key, account in accounts.items()}
    return failures_of(started)


def _accounts(ids: Sequence[str], pool: Executor) -> Failures:
    """Open pages ask again who they are: addresses and mailboxes that they share may have changed."""
    refresh((uuid.UUID(hex=key) for key in ids), timezone.now())
    failures = provision_accounts(ids, pool)
    for account in accounts_by_id(ids):
        tell_browsers(settings.REDIS_SOCKET, ACCESS_EVENT, account.mailbox_key)
    return failures


def _mailboxes(ids: Sequence[str], pool: Executor) -> Failures:
    return provision_mailboxes(ids, pool)


def _delegations(ids: Sequence[str], _pool: Executor) -> Failures:
    """Mailboxes were opened to colleagues, or are closed to them now: few, each in some milliseconds."""
    failures = {}
    for key in ids:
        try:
            follow(key, timezone.now())
        except CasierError as error:
            failures[key] = f"{type(error).__name__}: {error}"
    return failures


def _rules(ids: Sequence[str], _pool: Executor) -> Failures:
    """After an upgrade that writes rules in another way."""
    failures = {}
    for account in accounts_by_id(ids):
        try:
            renew(account)
        except CasierError as error:
            failures[account.public_id] = f"{type(error).__name__}: {error}"
    return failures


def _notices(ids: Sequence[str], _pool: Executor) -> Failures:
    """People are told of what happened to their account: rows and a line in the bell, nothing leaves here."""
    failures = {}
    for key in ids:
        try:
            bring(key, timezone.now())
        except CasierError as error:
            failures[key] = f"{type(error).__name__}: {error}"
    return failures


_HANDLERS: dict[str, Handler] = {
    "account.access": _access,
    # Before what takes long: whoever has to act learns of it soon.
    NOTICE: _notices,
    "delegation.changed": _delegations,
    "academy.changed": _academies,
    # Before the accounts: whoever is told to look again shall find the rights changed.
    "functional.changed": _mailboxes,
    "account.changed": _accounts,
    RULES_EDITION: _rules,
}
