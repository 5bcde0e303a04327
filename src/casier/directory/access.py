"""The only ways to an object of the directory. Each raises NotFound, with what was asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account, Address, FunctionalMailbox, School, Store
from casier.directory.numen import NumenVault
from casier.kernel.addresses import BadAddress, MailAddress
from casier.kernel.instance import OWN_STORE
from casier.kernel.secret import Secret
from casier.kernel.uai import parse_uai


def academy_named(slug: str) -> Academy:
    """The academy with this short name."""
    try:
        return Academy.objects.get(slug=slug.strip().lower())
    except Academy.DoesNotExist as error:
        known = ", ".join(Academy.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise NotFound(f"No academy is called {slug!r}. There are: {known}.", slug=slug) from error


def academy_of_host(host: str) -> Academy:
    """The academy whose portal answers to this host name (a port is ignored)."""
    name = host.rsplit(":", 1)[0].lower()
    academy = Academy.objects.filter(hosts__host=name).first()
    if academy is None:
        raise NotFound(f"No academy has the web host {name!r}.", host=name)
    return academy


def school_with(uai: str) -> School:
    """The school with this UAI. Raises BadUai when it isn't one."""
    parsed = parse_uai(uai)
    try:
        return School.objects.select_related("academy").get(uai=parsed)
    except School.DoesNotExist as error:
        raise NotFound(f"No school has the UAI {parsed}.", uai=parsed) from error


def account_by_id(account_id: str, *also: str) -> Account:
    """The account with this public id (hex); with what stands in ALSO read at once (`select_related`)."""
    try:
        found = _accounts()
        return (found.select_related(*also) if also else found).get(pk=uuid.UUID(hex=account_id))
    except (Account.DoesNotExist, ValueError) as error:
        raise NotFound(f"No account has the id {account_id!r}.", account=account_id) from error


def accounts_by_id(account_ids: Iterable[str]) -> list[Account]:
    """Those of the accounts with these public ids that there are."""
    return list(_accounts().filter(pk__in=[uuid.UUID(hex=account_id) for account_id in account_ids]))


def account_with(text: str) -> Account:
    """The account that has, or had, this address; or with this public id."""
    if "@" not in text:
        return account_by_id(text)
    try:
        parsed = str(MailAddress.parse(text))
    except BadAddress as error:
        raise NotFound(f"{text!r} is not an address.", address=text) from error
    account = _accounts().filter(addresses__address=parsed).first()
    if account is None:
        raise NotFound(f"No account has the address {parsed}.", address=parsed)
    return account


def account_of_numen(numen: Secret) -> Account:
    """The account of the person with this NUMEN. The message doesn't repeat it."""
    account = _accounts().filter(person__numen_index=numen_vault().index(numen)).first()
    if account is None:
        raise NotFound("No account has this NUMEN.")
    return account


def mailbox_by_id(mailbox_id: str) -> FunctionalMailbox:
    """The functional mailbox with this id (hex)."""
    try:
        return FunctionalMailbox.objects.select_related("academy", "store").get(pk=uuid.UUID(hex=mailbox_id))
    except (FunctionalMailbox.DoesNotExist, ValueError) as error:
        raise NotFound(f"No functional mailbox has the id {mailbox_id!r}.", mailbox=mailbox_id) from error


def mailbox_with(address: str) -> FunctionalMailbox:
    """The functional mailbox with this address."""
    found = Address.objects.filter(address=address.strip().lower(), mailbox__isnull=False).first()
    if found is None or found.mailbox is None:
        raise NotFound(f"No functional mailbox has the address {address!r}.", address=address)
    return found.mailbox


def owner_with(address: str) -> Account | FunctionalMailbox:
    """Whose mailbox has this address. Raises NotFound."""
    try:
        return account_with(address)
    except NotFound:
        return mailbox_with(address)


def owner_of(mailbox_key: str) -> Account | FunctionalMailbox | None:
    """Who has this mailbox, or had it."""
    account = Account.objects.select_related("academy").filter(mailbox_key=mailbox_key).first()
    if account is not None:
        return account
    return FunctionalMailbox.objects.select_related("academy").filter(mailbox_key=mailbox_key).first()


def journal_name(owner: Account | FunctionalMailbox) -> str:
    """What the journal calls the owner of a mailbox."""
    return f"{'account' if isinstance(owner, Account) else 'functional'}:{owner.id.hex}"


def default_store() -> Store:
    """Where mailboxes go when no school says otherwise; made when there is none yet."""
    store = Store.objects.filter(is_default=True).first()
    return store or Store.objects.get_or_create(name=OWN_STORE, defaults={"is_default": True})[0]


def primary_address(account: Account) -> str:
    """The account's address, or the mailbox key of one that is closed and has none any more."""
    address = account.addresses.filter(is_primary=True).values_list("address", flat=True).first()
    return address or account.mailbox_key


def numen_vault() -> NumenVault:
    """The vault with this instance's key."""
    return NumenVault(settings.CASIER_INSTANCE.key("numen"))


def _accounts() -> QuerySet[Account]:
    return Account.objects.select_related("academy", "person", "store")
