"""Whose arrival code this was: where the policy takes it as a name, it is one for good."""

from __future__ import annotations

from django.conf import settings

from casier.directory.models import Academy, Account, AccountState
from casier.identity.activation import codes
from casier.identity.activation.models import Invitation


def account_of_code(typed: str, academy: Academy) -> Account | None:
    """The open account in ACADEMY that was opened with this code. One not used yet is no name: it is a
    secret.
    """
    try:
        code = codes.parse(typed)
    except codes.BadCode:
        return None
    mac = codes.mac_of(code, settings.CASIER_INSTANCE.key("numen"))
    used = Invitation.objects.filter(mac=mac, used_at__isnull=False, account__academy=academy)
    found = used.select_related("account__academy", "account__person").first()
    return found.account if found and found.account.state != AccountState.INVITED else None
