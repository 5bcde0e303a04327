"""From what someone typed as their name to the account meant."""

from __future__ import annotations

import unicodedata

from casier.directory.access import account_of_numen
from casier.directory.errors import NotFound
from casier.directory.life import ENTERS
from casier.directory.models import Academy, Account, AccountState, Address
from casier.directory.numen import BadNumen, parse_numen
from casier.identity.activation.finding import account_of_code
from casier.policies.api import policy_for

# Longer than any address (RFC 5321 §4.5.3.1.3); what is longer is not looked up.
LONGEST = 254


def canonical(typed: str) -> str:
    """What was typed, in one form: without spaces around, in lower case, composed accents."""
    return unicodedata.normalize("NFKC", typed.strip()).lower()[:LONGEST]


def lacks_academy(typed: str, academy: Academy | None) -> bool:
    """Whether the name says no academy, and the host says none either."""
    return academy is None and "@" not in canonical(typed)


def find_account(typed: str, academy: Academy | None) -> Account | None:
    """The account of a full address (any that is theirs) or, at an academy's own host, of what stands before
    the @ and of a NUMEN, as the policy says.

    A retired address finds nobody: it may be that of someone who left.
    """
    name = canonical(typed)
    if "@" in name:
        return _by_addresses([name])
    if academy is None or not name:
        return None
    names = policy_for(academy).sign_in.names
    found = _by_numen(name, academy) if "numen" in names else None
    if found is None and "arrival_code" in names:
        found = account_of_code(name, academy)
    if found is None and "local_name" in names:
        found = _by_addresses([f"{name}@{domain.name}" for domain in academy.domains.all()])
    return found


def _by_addresses(addresses: list[str]) -> Account | None:
    owned = Address.objects.filter(address__in=addresses, account__isnull=False, retired_at__isnull=True)
    found = (
        owned.select_related("account__academy", "account__person").order_by("-domain__is_primary").first()
    )
    return found.account if found else None


def _by_numen(name: str, academy: Academy) -> Account | None:
    try:
        found = account_of_numen(parse_numen(name))
    except (BadNumen, NotFound):
        return None
    if found.academy_id != academy.pk:
        return None
    first_only = policy_for(academy).sign_in.numen_first_only
    return found if not first_only or found.state == AccountState.INVITED else None


def may_enter(account: Account) -> bool:
    """Whether the account's state lets its person in."""
    return account.state in ENTERS
