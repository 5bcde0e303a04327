"""Files in pieces, as tus 1.0 has it (core, creation, termination, expiration): `/api/links/uploads`.

nginx collects each piece before it reaches us, so a slow line holds no thread, and a piece is here whole or
not at all. Bytes go from the request into the file; no more than one read of them is ever in memory.
"""

from __future__ import annotations

import base64
import binascii
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from ninja import Router

from casier.audit.api import Actor
from casier.identity.models import User
from casier.kernel.errors import CasierError
from casier.mailbox.links.access import link_of
from casier.mailbox.links.actions import revoke
from casier.mailbox.links.errors import BadTerms
from casier.mailbox.links.models import Link
from casier.mailbox.links.place import address_of
from casier.mailbox.links.receiving import PATIENCE, append, begin, offset_of
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in, signed_in_with_bytes
from casier.portal.views.sign_in import source_of

VERSION = "1.0.0"
PATH = "/api/links/uploads"
router = Router()


class WrongVersion(CasierError):
    """Not a request of the protocol that is spoken here."""

    code = "tus_version"


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _actor(request: HttpRequest) -> Actor:
    return Actor.account(_user(request).account.public_id, source_of(request))


def _answer(status: int, **headers: str | int) -> HttpResponse:
    response = HttpResponse(status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = str(value)
    return response


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion(version=request.headers.get("Tus-Resumable", ""))


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadTerms(header=header)
    return int(text)


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: names with values in base64. Raises BadTerms."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadTerms(metadata=name) from error
    return found


def _expires(link: Link) -> str:
    return http_date((link.touched_at + PATIENCE).timestamp())


@router.api_operation(["OPTIONS"], "", auth=signed_in)
def options(request: HttpRequest) -> HttpResponse:
    """What is spoken here."""
    largest = policy_for(_user(request).account.academy).links.largest_bytes
    return _answer(
        204, Tus_Version=VERSION, Tus_Extension="creation,termination,expiration", Tus_Max_Size=largest
    )


@router.post("", auth=signed_in_with_bytes)
def create(request: HttpRequest) -> HttpResponse:
    """Begin an upload. Its answer alone tells the token of the link."""
    _check_version(request)
    said = metadata(request.headers.get("Upload-Metadata", ""))
    account = _user(request).account
    size, sensitive = _number(request, "Upload-Length"), said.get("sensitive") == "1"
    now = timezone.now()
    begun = begin(account, said.get("filename", ""), size, sensitive=sensitive, by=_actor(request), now=now)
    return _answer(
        201,
        Location=f"{PATH}/{begun.link.id}",
        Upload_Expires=_expires(begun.link),
        X_Casier_Link=address_of(account.academy, begun.token),
    )


@router.api_operation(["HEAD"], "/{uuid:upload}", auth=signed_in)
def head(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Where the file ends, to go on from there."""
    _check_version(request)
    link = link_of(_user(request).account, str(upload))
    return _answer(200, Upload_Offset=offset_of(link), Upload_Length=link.size, Upload_Expires=_expires(link))


@router.patch("/{uuid:upload}", auth=signed_in_with_bytes)
def patch(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The next piece."""
    _check_version(request)
    offset, now = _number(request, "Upload-Offset"), timezone.now()
    return _answer(204, Upload_Offset=append(_user(request).account, str(upload), offset, request, now))


@router.delete("/{uuid:upload}", auth=signed_in)
def delete(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Give up: what came is deleted."""
    _check_version(request)
    revoke(_user(request).account, str(upload), by=_actor(request), now=timezone.now())
    return _answer(204)
