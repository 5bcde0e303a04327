"""The sheets that people are given: how to open the account, and what proves that it is theirs. One page
each.

What is secret stands below the fold, where it is sealed; above it, name and school show through the envelope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from casier.directory.access import primary_address
from casier.directory.models import Academy, School, WebHost
from casier.directory.postings import not_over
from casier.identity.activation import codes
from casier.identity.activation.inviting import Invited
from casier.identity.activation.models import InvitationKind
from casier.identity.paper.api import pdf, qr_svg
from casier.kernel.errors import CasierError
from casier.kernel.instance import Port
from casier.policies.api import policy_for

# One file with more sheets than this takes minutes and is nothing to hold in one's hands.
MOST = 500
_HTTPS = 443


class TooManySheets(CasierError):
    """More sheets in one file than a printer should be sent."""

    code = "too_many_sheets"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page says."""

    name: str
    school: str
    address: str
    kind: str
    secret: str  # as it is printed; "" where the person knows it already
    spelled: Sequence[str]
    page: str  # the address to open
    qr: SafeString
    until: datetime | None


def sheet_of(invited: Invited, school: School | None = None) -> Sheet:
    """The sheet of an invitation just made. SCHOOL: the one that hands it over, else the first of
    those where they work or will.
    """
    account, secret = invited.account, invited.secret
    coded = invited.row.kind == InvitationKind.ARRIVAL_CODE
    page = page_for(invited)
    if school is None:
        school = _first_school(account.person_id)
    return Sheet(
        name=" ".join(part for part in (account.person.title, account.person.full_name) if part),
        school=_place(school),
        address=primary_address(account),
        kind=invited.row.kind,
        secret="" if secret is None else codes.grouped(secret) if coded else secret.reveal(),
        spelled=codes.spelled(secret) if coded and secret else [],
        page=page,
        qr=qr_svg(page),
        until=invited.row.expires_at,
    )


def _first_school(person: int) -> School | None:
    """Where the newcomer is expected: not where they were in another year."""
    postings = not_over(timezone.localdate()).filter(person=person).select_related("school")
    posting = postings.order_by("pk").first()
    return posting.school if posting else None


def print_sheets(academy: Academy, sheets: Sequence[Sheet], language: str = "fr") -> bytes:
    """SHEETS as one PDF, a page each. Raises TooManySheets."""
    if len(sheets) > MOST:
        raise TooManySheets(f"At most {MOST} sheets in one file.", most=MOST)
    template = "identity/activation/sheets.html"
    with translation.override(language):
        return pdf(template, {"sheets": sheets}, academy, language)


def page_for(invited: Invited) -> str:
    """The page at which this invitation is used: a temporary password is typed at the door of everyone."""
    academy, kind = invited.account.academy, invited.row.kind
    asks_otherwise = policy_for(academy).activation.method != kind
    door = kind == InvitationKind.TEMPORARY_PASSWORD and asks_otherwise
    return _page(academy, "/connexion/" if door else "/activation/")


def _page(academy: Academy, path: str) -> str:
    """PATH at the academy's own host, never one from a request."""
    host = WebHost.objects.filter(academy=academy, is_primary=True).values_list("host", flat=True).first()
    port = settings.CASIER_INSTANCE.port(Port.WEB)
    return f"https://{host or academy.rp_id}{'' if port == _HTTPS else f':{port}'}{path}"


def _place(school: School | None) -> str:
    return ", ".join(part for part in (school.name, school.city) if part) if school else ""
