"""What an academy's policy says about sending mail on. Asked before rules are kept; the engines ask again."""

from __future__ import annotations

from collections.abc import Iterable

from casier.directory.models import Account, Address, MailDomain
from casier.kernel.addresses import without_detail
from casier.kernel.errors import CasierError
from casier.mailbox.filters.models import RedirectAddress
from casier.policies.api import policy_for


class RedirectRefused(CasierError):
    """The policy doesn't let mail be sent on to this address."""

    code = "redirect_refused"


class TooManyRedirects(CasierError):
    """More addresses than the policy allows."""

    code = "too_many_redirects"


class NobodyThere(CasierError):
    """An address of ours that leads to no mailbox: each message would fail."""

    code = "redirect_to_nobody"


def verified_addresses(account: Account) -> list[str]:
    """Addresses elsewhere that the person has proved to be their own."""
    rows = RedirectAddress.objects.filter(account=account, verified_at__isnull=False)
    return sorted(rows.values_list("address", flat=True))


def check_targets(account: Account, targets: Iterable[str]) -> None:
    """Raises RedirectRefused, TooManyRedirects or NobodyThere for what the engines would refuse each time."""
    wanted = list(targets)
    _check_scope(account, wanted)
    ours = set(MailDomain.objects.values_list("name", flat=True))
    for address in wanted:
        forms = {address, without_detail(address) or address}
        known = Address.objects.filter(address__in=forms, retired_at__isnull=True).exists()
        if address.rpartition("@")[2] in ours and not known:
            raise NobodyThere(address=address)


def _check_scope(account: Account, wanted: list[str]) -> None:
    rules = policy_for(account.academy).rules
    if len(wanted) > rules.redirect_addresses:
        raise TooManyRedirects(most=rules.redirect_addresses)
    if rules.redirect == "anywhere":
        return
    domains = set(MailDomain.objects.filter(academy=account.academy).values_list("name", flat=True))
    verified = set(verified_addresses(account)) if rules.redirect == "verified" else set()
    for address in wanted:
        inside = address.rpartition("@")[2] in domains and not address.startswith("srs0=")
        if rules.redirect == "none" or not (inside or address in verified):
            raise RedirectRefused(address=address, scope=rules.redirect)
