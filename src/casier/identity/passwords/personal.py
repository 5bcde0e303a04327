"""What others know of a person, and would try first."""

from __future__ import annotations

from casier.directory.models import Account, Posting
from casier.identity.passwords.rules import Personal


def known_of(account: Account) -> Personal:
    """The names that stand close to ACCOUNT's person: theirs, those of their schools, towns and academy."""
    person, academy = account.person, account.academy
    addresses = tuple(account.addresses.values_list("address", flat=True))
    schools = Posting.objects.filter(person=person, school__isnull=False).values_list(
        "school__name", "school__city", "school__uai"
    )
    names = [person.given_name, person.family_name, academy.name, academy.slug]
    names += [address.partition("@")[0] for address in addresses]
    return Personal((*names, *(name for school in schools for name in school if name)))
