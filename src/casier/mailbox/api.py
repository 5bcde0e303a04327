"""What other apps may use of mailboxes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from casier.directory.models import Account
from casier.kernel.errors import Unavailable
from casier.mailbox.converging import converge
from casier.mailbox.differences import Difference, differences, repair
from casier.mailbox.provisioning import provision_accounts
from casier.mailbox.stores import store_named

__all__ = ["Difference", "converge", "differences", "provision", "repair", "store_named"]


def provision(account: Account) -> None:
    """Provision one account now, without the worker. Raises Unavailable with what went wrong."""
    with ThreadPoolExecutor(1) as pool:
        failures = provision_accounts([account.public_id], pool)
    if failures:
        raise Unavailable(failures[account.public_id], part="cyrus")
