"""The institution's signature: what an academy wrote, filled for each address that a person writes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account, Address, Posting
from casier.mailbox.delegations.access import opened_to
from casier.mailbox.writing.filling import Fields, Filled, check, fill
from casier.mailbox.writing.models import SignatureTemplate
from casier.policies.api import Policy

Mode = Literal["off", "offered", "imposed"]

NONE = Filled("", "")
SHIPPED_HTML = """
<p style="margin:0"><strong>{{nom}}</strong></p>
<p style="margin:0">{{fonction}}</p>
<p style="margin:0">{{etablissement}}</p>
<p style="margin:0">{{academie}}</p>
<p style="margin:0"><a href="{{charte}}">Charte d’usage de la messagerie</a></p>
"""
SHIPPED_TEXT = """
{{nom}}
{{fonction}}
{{etablissement}}
{{academie}}
{{charte}}
"""


def template_of(academy: Academy) -> SignatureTemplate:
    """The academy's own template, or the shipped one."""
    found = SignatureTemplate.objects.filter(academy=academy).first()
    return found or SignatureTemplate(academy=academy, html=SHIPPED_HTML, text=SHIPPED_TEXT, charter="")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Another template; CHARTER None leaves the address of the charter as it is."""

    html: str
    text: str
    charter: str | None = None


def save_template(academy: Academy, wanted: Wanted, by: Actor, reason: str) -> None:
    """Put another template in force. Raises BadTemplate."""
    charter = template_of(academy).charter if wanted.charter is None else wanted.charter.strip()
    check(wanted.html, wanted.text, charter)
    values = {"html": wanted.html, "text": wanted.text, "charter": charter, "changed_at": timezone.now()}
    with transaction.atomic():
        SignatureTemplate.objects.update_or_create(academy=academy, defaults=values)
        record(by, "signature.changed", f"academy:{academy.slug}", reason, charter=charter)


def restore_shipped(academy: Academy, by: Actor, reason: str) -> None:
    """Back to the template that comes with the platform."""
    with transaction.atomic():
        SignatureTemplate.objects.filter(academy=academy).delete()
        record(by, "signature.restored", f"academy:{academy.slug}", reason)


@dataclass(frozen=True, slots=True)
class From:
    """What one writes from: an address, as its owner or, with one's own name as the sender, on its behalf."""

    address: str
    on_behalf: bool = False


def signatures_of(account: Account, policy: Policy) -> dict[From, Filled]:
    """The signature of each way in which ACCOUNT may write; none where the academy has none.

    As a colleague one signs with what the directory says of the colleague: the reader is told of nobody else.
    On a colleague's behalf one signs with what it says of oneself, whose name stands there as the sender.
    """
    if policy.writing.signature == "off":
        return {}
    template = template_of(account.academy)
    own = replace(fields_of(account), charte=template.charter)
    return {
        way: fill(template.html, template.text, _for_address(own, row, account, way.on_behalf))
        for way, row in _ways(account)
    }


def preview(academy: Academy, account: Account, address: str) -> Filled:
    """What stands below what ACCOUNT writes from ADDRESS, whether it is in force or not. Raises NotFound."""
    if account.academy != academy:
        raise NotFound(f"{address!r} is not of {academy.slug}.", address=address)
    template = template_of(academy)
    ways = dict(_ways(account))
    wanted = From(address.strip().lower())
    way = wanted if wanted in ways else replace(wanted, on_behalf=True)
    row = ways.get(way)
    if row is None:
        raise NotFound(f"{account.person.full_name} may not write from {address!r}.", address=address)
    own = replace(fields_of(account), charte=template.charter)
    return fill(template.html, template.text, _for_address(own, row, account, way.on_behalf))


def signature_at(account: Account, policy: Policy, address: str, *, on_behalf: bool = False) -> Filled:
    """What must stand below what ACCOUNT sends from ADDRESS; empty where nothing must.

    Who says to write in a way that they may not has to sign as in the other one.
    """
    if policy.writing.signature != "imposed":
        return NONE
    known = signatures_of(account, policy)
    asked = From(address.strip().lower(), on_behalf)
    return known.get(asked) or known.get(replace(asked, on_behalf=not on_behalf)) or NONE


def fields_of(account: Account) -> Fields:
    """What the directory knows of a person: their function and school of today."""
    posting = _posting(account)
    school = posting.school if posting else None
    return Fields(
        nom=account.person.full_name,
        fonction=posting.label if posting else "",
        etablissement=school.name if school else "",
        ville=school.city if school else "",
        academie=account.academy.name,
    )


def _posting(account: Account) -> Posting | None:
    today = timezone.localdate()
    current = account.person.postings.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    )
    rows = list(current.select_related("school").order_by("id"))
    # One that names the function says more than one that doesn't.
    return next((row for row in rows if row.label), rows[0] if rows else None)


def _ways(account: Account) -> Iterator[tuple[From, Address]]:
    """From their own addresses, and from those of the mailboxes that they may write for, in each way."""
    others = opened_to(account, timezone.now())
    of_others = {address: one for one in others for address in one.addresses}
    live = Address.objects.filter(Q(account=account) | Q(address__in=of_others), retired_at__isnull=True)
    for row in live.select_related("mailbox__school", "account__person").order_by("address"):
        other = of_others.get(row.address) if row.account_id != account.pk else None
        if other is None or other.sends_as:
            yield From(row.address), row
        if other is not None and other.on_behalf:
            yield From(row.address, on_behalf=True), row


def _for_address(own: Fields, row: Address, account: Account, on_behalf: bool) -> Fields:
    """From a shared mailbox its name stands first, then who writes; as a colleague, what is theirs."""
    if row.account is not None and row.account != account:
        theirs = own if on_behalf else replace(fields_of(row.account), charte=own.charte)
        return replace(theirs, adresse=row.address)
    if row.mailbox is None:
        return replace(own, adresse=row.address)
    school = row.mailbox.school
    return replace(
        own,
        nom=row.mailbox.name,
        fonction=account.person.full_name,
        etablissement=school.name if school else "",
        ville=school.city if school else "",
        adresse=row.address,
    )
