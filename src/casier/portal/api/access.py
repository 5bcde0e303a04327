"""Who may ask what. Every endpoint names one of these; one that names none isn't reachable."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase

from casier.identity import sessions
from casier.identity.models import User
from casier.kernel.errors import CasierError

SAFE_METHODS = frozenset({"GET", "HEAD"})


class SignInRequired(CasierError):
    """No session, or one that is over."""

    code = "sign_in_required"


class WrongOrigin(CasierError):
    """Another site made the browser ask, or the request doesn't show that none did."""

    code = "wrong_origin"


class SignedIn(AuthBase):
    """Someone with an open session; what changes something must show our own Origin and be JSON.

    A form on another site can't post JSON with our Origin, so no token is needed beside (Fetch standard).
    """

    openapi_type = "apiKey"

    def __init__(self, media_type: str = "application/json") -> None:
        super().__init__()
        self.media_type = media_type

    def __call__(self, request: HttpRequest) -> Any:
        user = request.user
        if not isinstance(user, User):
            raise SignInRequired
        if request.method not in SAFE_METHODS:
            _check_origin(request, self.media_type)
        return user


def _check_origin(request: HttpRequest, media_type: str) -> None:
    agreed = request.session[sessions.TERMS]["origin"]
    if request.headers.get("Origin") != agreed:
        raise WrongOrigin(origin=request.headers.get("Origin", ""))
    has_body = request.headers.get("Content-Length", "0") not in {"", "0"}
    if has_body and request.content_type != media_type:
        raise WrongOrigin(content_type=request.content_type or "")


signed_in = SignedIn()
# Pieces of files (tus 1.0): no form can send this type either.
signed_in_with_bytes = SignedIn("application/offset+octet-stream")
