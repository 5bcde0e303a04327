"""The only ways to a link: by its owner, or by its token."""

from __future__ import annotations

import uuid

from casier.directory.models import Account, Address, MailDomain
from casier.mailbox.links.errors import NoSuchLink
from casier.mailbox.links.models import Link


def link_of(account: Account, link_id: str) -> Link:
    """This person's link with this id. Raises NoSuchLink, for another's too."""
    try:
        return Link.objects.select_related("account__academy", "account__person").get(
            pk=uuid.UUID(link_id), account=account
        )
    except (Link.DoesNotExist, ValueError) as error:
        raise NoSuchLink(link=link_id) from error


def addresses_of(account: Account) -> set[str]:
    """Every address under which ACCOUNT is written to: their own, and those of mailboxes they share."""
    own = account.addresses.filter(retired_at__isnull=True).values_list("address", flat=True)
    shared = Address.objects.filter(
        mailbox__memberships__account=account, mailbox__is_closed=False, retired_at__isnull=True
    ).values_list("address", flat=True)
    return {address.lower() for address in (*own, *shared)}


def is_ours(address: str) -> bool:
    """Whether ADDRESS is one of the platform's, by its domain alone: whether anybody has it isn't told."""
    return MailDomain.objects.filter(name=address.rpartition("@")[2].lower()).exists()
