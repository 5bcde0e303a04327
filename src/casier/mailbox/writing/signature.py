"""The institution's signature: what an academy wrote, filled for each address that a person writes from."""

from __future__ import annotations

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


def signatures_of(account: Account, policy: Policy) -> dict[str, Filled]:
    """The signature of each address that ACCOUNT may write from; none where the academy has none."""
    if policy.writing.signature == "off":
        return {}
    template = template_of(account.academy)
    own = replace(fields_of(account), charte=template.charter)
    addresses = _addresses(account)
    return {
        row.address: fill(template.html, template.text, _for_address(own, row, account)) for row in addresses
    }


def preview(academy: Academy, account: Account, address: str) -> Filled:
    """What stands below what ACCOUNT writes from ADDRESS, whether it is in force or not. Raises NotFound."""
    if account.academy != academy:
        raise NotFound(f"{address!r} is not of {academy.slug}.", address=address)
    template = template_of(academy)
    row = next((row for row in _addresses(account) if row.address == address.strip().lower()), None)
    if row is None:
        raise NotFound(f"{account.person.full_name} may not write from {address!r}.", address=address)
    own = replace(fields_of(account), charte=template.charter)
    return fill(template.html, template.text, _for_address(own, row, account))


def signature_at(account: Account, policy: Policy, address: str) -> Filled:
    """What must stand below what ACCOUNT sends from ADDRESS; empty where nothing must."""
    if policy.writing.signature != "imposed":
        return NONE
    return signatures_of(account, policy).get(address.strip().lower(), NONE)


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


def _addresses(account: Account) -> list[Address]:
    """Their own, and those of the mailboxes that they may write for."""
    others = [one for one in opened_to(account, timezone.now()) if one.sends_as or one.on_behalf]
    lent = Q(address__in=[address for one in others for address in one.addresses])
    live = Address.objects.filter(Q(account=account) | lent, retired_at__isnull=True)
    return list(live.select_related("mailbox__school", "account__person").order_by("address"))


def _for_address(own: Fields, row: Address, account: Account) -> Fields:
    """From a shared mailbox its name stands first, then who writes; for a colleague, what is theirs."""
    if row.account is not None and row.account != account:
        return replace(fields_of(row.account), charte=own.charte, adresse=row.address)
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
