"""Whether what somebody wants to become of a mailbox can be."""

from __future__ import annotations

from casier.directory.life import ENDED
from casier.directory.models import Account, Address, MailDomain
from casier.kernel.addresses import BadAddress, MailAddress
from casier.life.errors import BadDecision
from casier.life.models import Becomes
from casier.mailbox.filters.models import RedirectAddress
from casier.policies.api import policy_for


def checked_fate(
    account: Account, becomes: Becomes, address: str, heir: Account | None
) -> tuple[str, Account | None]:
    """The address and the colleague that go with BECOMES. Raises BadDecision."""
    if becomes is Becomes.REDIRECTED:
        return _target(account, address), None
    if becomes is Becomes.HANDED:
        return "", _heir(account, heir)
    return "", None


def _target(account: Account, text: str) -> str:
    """Where mail may be led on to: as far as the academy lets its people's own rules go."""
    try:
        address = str(MailAddress.parse(text)).lower()
    except BadAddress as error:
        raise BadDecision("Not an address.", field="address") from error
    domain = MailDomain.objects.filter(name=address.rpartition("@")[2]).first()
    if domain is not None:
        return _ours(account, address, domain)
    allowed = policy_for(account.academy).rules.redirect
    own = RedirectAddress.objects.filter(account=account, address=address, verified_at__isnull=False)
    if allowed == "anywhere" or (allowed == "verified" and own.exists()):
        return address
    raise BadDecision("The academy's policy doesn't let mail go there.", field="address", policy=allowed)


def _ours(account: Account, address: str, domain: MailDomain) -> str:
    """One of our own that arrives, and isn't the leaver's: it would lead back to itself."""
    row = Address.objects.filter(address=address, retired_at=None).first()
    if row is None or row.account_id == account.pk:
        raise BadDecision("Nobody else has this address.", field="address")
    if domain.academy_id != account.academy_id and policy_for(account.academy).rules.redirect == "academy":
        raise BadDecision("Only within the academy, by its policy.", field="address")
    return address


def _heir(account: Account, heir: Account | None) -> Account:
    if heir is None or heir.pk == account.pk:
        raise BadDecision("Name a colleague.", field="heir")
    if heir.academy_id != account.academy_id or heir.state in ENDED:
        raise BadDecision("Only a colleague of the same academy whose account is open.", field="heir")
    return heir
