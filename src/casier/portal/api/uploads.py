"""Files in pieces, as tus 1.0 has it (core, creation, termination, expiration): `/api/links/uploads`.

nginx collects each piece before it reaches us, so a slow line holds no thread, and a piece is here whole or
not at all. Bytes go from the request into the file; no more than one read of them is ever in memory.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from ninja import Router

from casier.mailbox.links.access import link_of
from casier.mailbox.links.actions import revoke
from casier.mailbox.links.models import Link
from casier.mailbox.links.place import address_of
from casier.mailbox.links.receiving import PATIENCE, append, begin, offset_of
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in, signed_in_with_bytes
from casier.portal.api.tus import (
    EXTENSIONS,
    VERSION,
    actor_of,
    answered,
    check_version,
    metadata,
    number_in,
    user_of,
)

PATH = "/api/links/uploads"
router = Router()


def _expires(link: Link) -> str:
    return http_date((link.touched_at + PATIENCE).timestamp())


@router.api_operation(["OPTIONS"], "", auth=signed_in)
def options(request: HttpRequest) -> HttpResponse:
    """What is spoken here."""
    largest = policy_for(user_of(request).account.academy).links.largest_bytes
    return answered(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=largest)


@router.post("", auth=signed_in_with_bytes)
def create(request: HttpRequest) -> HttpResponse:
    """Begin an upload. Its answer alone tells the token of the link."""
    check_version(request)
    said = metadata(request.headers.get("Upload-Metadata", ""))
    account = user_of(request).account
    size, sensitive = number_in(request, "Upload-Length"), said.get("sensitive") == "1"
    now = timezone.now()
    begun = begin(account, said.get("filename", ""), size, sensitive=sensitive, by=actor_of(request), now=now)
    return answered(
        201,
        Location=f"{PATH}/{begun.link.id}",
        Upload_Expires=_expires(begun.link),
        X_Casier_Link=address_of(account.academy, begun.token),
    )


@router.api_operation(["HEAD"], "/{uuid:upload}", auth=signed_in)
def head(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Where the file ends, to go on from there."""
    check_version(request)
    link = link_of(user_of(request).account, str(upload))
    return answered(
        200, Upload_Offset=offset_of(link), Upload_Length=link.size, Upload_Expires=_expires(link)
    )


@router.patch("/{uuid:upload}", auth=signed_in_with_bytes)
def patch(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The next piece."""
    check_version(request)
    offset, now = number_in(request, "Upload-Offset"), timezone.now()
    return answered(204, Upload_Offset=append(user_of(request).account, str(upload), offset, request, now))


@router.delete("/{uuid:upload}", auth=signed_in)
def delete(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Give up: what came is deleted."""
    check_version(request)
    revoke(user_of(request).account, str(upload), by=actor_of(request), now=timezone.now())
    return answered(204)
