"""Academies, schools, people, postings, accounts, addresses: the truth about who exists and what is theirs.

Fields, constraints and query sets only. Changes are made by `actions`; nothing happens on `save()`.
"""

from __future__ import annotations

from casier.directory.models.accounts import Account, AccountState, FindLine, UsedMailboxKey
from casier.directory.models.addresses import Address, EndedAs
from casier.directory.models.mailboxes import (
    DelegateRight,
    Delegation,
    EndedMembership,
    FunctionalMailbox,
    Membership,
    Role,
)
from casier.directory.models.offices import Mandate, Office
from casier.directory.models.people import (
    Person,
    PersonKey,
    Posting,
    PostingDetail,
    PostingKind,
    PostingSource,
)
from casier.directory.models.places import Academy, MailDomain, Network, School, Store, WebHost

__all__ = [
    "Academy",
    "Account",
    "AccountState",
    "Address",
    "DelegateRight",
    "Delegation",
    "EndedAs",
    "EndedMembership",
    "FindLine",
    "FunctionalMailbox",
    "MailDomain",
    "Mandate",
    "Membership",
    "Network",
    "Office",
    "Person",
    "PersonKey",
    "Posting",
    "PostingDetail",
    "PostingKind",
    "PostingSource",
    "Role",
    "School",
    "Store",
    "UsedMailboxKey",
    "WebHost",
]
