"""Everything that changes the directory.

Each action takes the actor, locks, decides by a pure function, changes, records and emits in one transaction.
"""

from casier.directory.actions.academies import (
    NewAcademy,
    NewSchool,
    add_domain,
    add_host,
    create_academy,
    create_school,
    faults,
)
from casier.directory.actions.accounts import (
    activate,
    close,
    lead_to,
    leave,
    purged,
    reopen,
    resume,
    set_quota,
    stay,
    suspend,
)
from casier.directory.actions.addresses import add_address, rename, retire_address
from casier.directory.actions.delegations import (
    Opening,
    delegate_mailbox,
    delegation_with,
    end_delegation,
)
from casier.directory.actions.lending import Loan, covers, lend_mandate
from casier.directory.actions.mailboxes import (
    NewMailbox,
    close_functional_mailbox,
    create_functional_mailbox,
    remove_member,
    set_member,
)
from casier.directory.actions.mandates import NewMandate, end_mandate, give_mandate
from casier.directory.actions.members import leave_mailboxes, leave_school, return_to_mailboxes
from casier.directory.actions.people import NewAccount, create_account, create_accounts

__all__ = [
    "Loan",
    "NewAcademy",
    "NewAccount",
    "NewMailbox",
    "NewMandate",
    "NewSchool",
    "Opening",
    "activate",
    "add_address",
    "add_domain",
    "add_host",
    "close",
    "close_functional_mailbox",
    "covers",
    "create_academy",
    "create_account",
    "create_accounts",
    "create_functional_mailbox",
    "create_school",
    "delegate_mailbox",
    "delegation_with",
    "end_delegation",
    "end_mandate",
    "faults",
    "give_mandate",
    "lead_to",
    "leave",
    "leave_mailboxes",
    "leave_school",
    "lend_mandate",
    "purged",
    "remove_member",
    "rename",
    "reopen",
    "resume",
    "retire_address",
    "return_to_mailboxes",
    "set_member",
    "set_quota",
    "stay",
    "suspend",
]
