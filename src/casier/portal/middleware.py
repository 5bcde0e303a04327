"""What every page has: a strict content policy, the person's language, a page for what is down."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation

from casier.identity.models import User
from casier.policies.api import remembering
from casier.portal.views.errors import DOWN, is_down, not_opened_so, unavailable

Answer = Callable[[HttpRequest], HttpResponse]

# Scripts are files of our own, none stands in a page; nothing comes from elsewhere; nobody frames it.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ContentSecurity:
    """Say what a page may load, and that nothing personal is kept by the browser. What the academy's policy
    says is read once for all of the page.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembering():
            response = self.answer(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = not_opened_so(request, response)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Something needed is down: a page with a reference, never a refusal for good."""
        return unavailable(request, error) if is_down(error) else None


class Person:
    """Speak the language that the person signed in has chosen."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            user = request.user if request.session.session_key else None
            # The user is looked up when first used: now, while its failure can be told as what it is.
            signed_in = isinstance(user, User)
        except DOWN as error:
            return unavailable(request, error)
        if signed_in and isinstance(user, User):
            translation.activate(user.locale)
            request.LANGUAGE_CODE = user.locale
        return self.answer(request)
