"""What other rooms may ask of activation and of the documents that people accept."""

from __future__ import annotations

from casier.directory.models import Account
from casier.identity.activation.corrections import ask_correction, open_corrections, settle_correction
from casier.identity.activation.documents import accept_all, acceptances, due, in_force, publish
from casier.identity.activation.finishing import finish
from casier.identity.activation.inviting import Invited, invite, live_invitation
from casier.policies.api import policy_for

__all__ = [
    "Invited",
    "accept_all",
    "acceptances",
    "ask_correction",
    "details_wanted",
    "documents_due",
    "finish",
    "in_force",
    "invite",
    "live_invitation",
    "memo_wanted",
    "open_corrections",
    "publish",
    "settle_correction",
]


def documents_due(account: Account) -> bool:
    """Whether the charter or the privacy notice in force has not been accepted yet."""
    return bool(due(account))


def details_wanted(account: Account) -> bool:
    """Whether the policy has the person confirm their details at activation."""
    return policy_for(account.academy).activation.confirm_details


def memo_wanted(account: Account) -> bool:
    """Whether the policy shows the newcomer's memo."""
    return policy_for(account.academy).activation.memo
