"""What other rooms may ask of activation and of the documents that people accept."""

from __future__ import annotations

from casier.directory.models import Account

__all__ = ["details_wanted", "documents_due", "memo_wanted"]


def documents_due(account: Account) -> bool:
    """Whether the charter or the privacy notice in force has not been accepted yet."""
    return False


def details_wanted(account: Account) -> bool:
    """Whether the policy has the person confirm their details at activation."""
    return False


def memo_wanted(account: Account) -> bool:
    """Whether the policy shows the newcomer's memo."""
    return False
