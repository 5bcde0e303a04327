"""What tus 1.0 asks of requests and answers, wherever files come in pieces (tus.io/protocols)."""

from __future__ import annotations

import base64
import binascii
from typing import cast

from django.http import HttpRequest, HttpResponse

from casier.audit.api import Actor
from casier.identity.models import User
from casier.kernel.errors import CasierError
from casier.mailbox.links.errors import BadTerms
from casier.portal.views.sign_in import source_of

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"


class WrongVersion(CasierError):
    """Not a request of the protocol that is spoken here."""

    code = "tus_version"


def user_of(request: HttpRequest) -> User:
    """The person signed in: the access check has seen them."""
    return cast("User", request.user)


def actor_of(request: HttpRequest) -> Actor:
    """The same, as the journal names them."""
    return Actor.account(user_of(request).account.public_id, source_of(request))


def answered(status: int, **headers: str | int) -> HttpResponse:
    """An answer without a body; an underscore in a name of a header is a hyphen."""
    response = HttpResponse(status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = str(value)
    return response


def check_version(request: HttpRequest) -> None:
    """Raises WrongVersion."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion(version=request.headers.get("Tus-Resumable", ""))


def number_in(request: HttpRequest, header: str) -> int:
    """A count of bytes. Raises BadTerms."""
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
