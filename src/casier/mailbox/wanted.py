"""What the engines should hold for an owner, as the directory and the policies say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casier.directory.models import Account, AccountState, FunctionalMailbox, Role
from casier.policies.api import Policy

# RFC 4314. Nobody but the platform gets `a`: who may open a functional mailbox is the directory's to say.
RIGHTS: Mapping[Role, str] = {
    # No `s`: whoever answers shares one state of reading, which a reader must not change.
    Role.READ: "lr",
    Role.ANSWER: "lrswipten",
    Role.MANAGE: "lrswipkxten",
}


@dataclass(frozen=True, slots=True)
class WantedMailbox:
    """A mailbox as it should be; RIGHTS None: its owner decides who else sees it."""

    key: str
    store: str
    quota_bytes: int
    rights: Mapping[str, str] | None = None
    # Whether the store lets its owner in now.
    opens: bool = True


def of_account(account: Account, policy: Policy) -> WantedMailbox | None:
    """The mailbox of an account; None once it is closed: what is there stays until it is purged."""
    if account.state == AccountState.CLOSED:
        return None
    return WantedMailbox(
        account.mailbox_key,
        account.store.name,
        account.quota_bytes or policy.mail.quota_bytes,
        opens=account.state != AccountState.SUSPENDED,
    )


def of_mailbox(mailbox: FunctionalMailbox, policy: Policy) -> WantedMailbox | None:
    """A functional mailbox with the rights of its members."""
    if mailbox.is_closed:
        return None
    return WantedMailbox(
        mailbox.mailbox_key,
        mailbox.store.name,
        mailbox.quota_bytes or policy.mail.functional_quota_bytes,
        {member.account.mailbox_key: RIGHTS[Role(member.role)] for member in mailbox.memberships.all()},
    )


def whole_kilobytes(quota_bytes: int) -> int:
    """A quota as a store counts it."""
    return quota_bytes // 1024 * 1024
