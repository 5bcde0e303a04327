"""People of a list as rows of a file, a thousand at a time: a list of sixty thousand isn't held whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.console.many.filters import in_force
from casier.console.models import MailboxSize
from casier.console.wording import state_words
from casier.directory.finding import by_name
from casier.directory.models import Account, Address, Posting
from casier.kernel.chunks import chunks

CHUNK = 1000
Row = tuple[str, ...]


def head() -> Row:
    """The names of the columns."""
    return (
        _("Nom"), _("Prénom"), _("Adresse"), _("État"), _("Académie"), _("Fonction"), _("UAI"),
        _("Établissement"), _("Commune"), _("Département"), _("Créé le"), _("Dernière connexion"),
        _("Occupé (octets)"), _("Place (octets)"),
    )  # fmt: skip


def rows(people: QuerySet[Account]) -> Iterator[Row]:
    """PEOPLE by name. No NUMEN and no birth date: a file goes where nobody follows it."""
    ordered = people.order_by(*by_name())
    for ids in chunks(list(ordered.values_list("pk", flat=True)), CHUNK):
        found = {account.pk: account for account in complete(Account.objects.filter(pk__in=ids))}
        sizes = {size.account_id: size for size in MailboxSize.objects.filter(account__in=ids)}
        for pk in ids:
            if pk in found:
                yield _row(found[pk], sizes.get(pk))


def complete(people: QuerySet[Account]) -> QuerySet[Account]:
    """PEOPLE with what a line tells of them, in as many queries as for one."""
    main = Address.objects.filter(is_primary=True)
    now = Posting.objects.filter(in_force(timezone.now())).select_related("school").order_by("pk")
    return people.select_related("person", "academy", "user").prefetch_related(
        Prefetch("addresses", queryset=main, to_attr="main_addresses"),
        Prefetch("person__postings", queryset=now, to_attr="live_postings"),
    )


def postings_of(account: Account) -> list[Posting]:
    """The postings that `complete` brought."""
    found: list[Posting] = getattr(account.person, "live_postings", [])
    return found


def address_of(account: Account) -> str:
    """The address that `complete` brought; that of the mailbox for who has none any more."""
    addresses: list[Address] = getattr(account, "main_addresses", [])
    return addresses[0].address if addresses else account.mailbox_key


def _row(account: Account, size: MailboxSize | None) -> Row:
    person, user = account.person, getattr(account, "user", None)
    postings = postings_of(account)
    schools = [posting.school for posting in postings if posting.school]
    seen = user.last_login if user else None
    return (
        person.family_name, person.given_name, address_of(account), state_words(account.state),
        account.academy.name, _joined(posting.label or posting.function for posting in postings),
        _joined(school.uai for school in schools), _joined(school.name for school in schools),
        _joined(school.city for school in schools), _joined(school.department for school in schools),
        f"{timezone.localtime(account.created_at):%Y-%m-%d}",
        f"{timezone.localtime(seen):%Y-%m-%d}" if seen else "",
        str(size.used_bytes) if size else "",
        str(size.limit_bytes) if size and size.limit_bytes else "",
    )  # fmt: skip


def _joined(values: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(value for value in values if value))
