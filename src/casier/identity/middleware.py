"""Our session on every request to Django."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from casier.identity.sessions import SessionStore

BACKGROUND = "X-Casier-Background"


class Session(SessionMiddleware):
    """Django's session middleware; what the web client asks by itself doesn't count as activity."""

    def process_request(self, request: HttpRequest) -> None:
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        counts = request.headers.get(BACKGROUND) != "1"
        request.session = SessionStore(cookie, counts=counts)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Django's own takes the cookie of an ended session away; `/api/` leaves that to the sign-in page,
        which tells from it why the session is over. One that stands still is kept: it may go on.
        """
        session = request.session
        if isinstance(session, SessionStore) and session.ended:
            if request.path.startswith("/api/"):
                return response
            if session.ended == "frozen" and session.is_empty():
                return response
        return super().process_response(request, response)
