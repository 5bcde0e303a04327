"""The endpoints. Each declares its access; each answers in the words of the person's language."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Status
from ninja.errors import HttpError, ValidationError

from casier.audit.api import Actor
from casier.identity.models import User
from casier.kernel.errors import CasierError, new_reference
from casier.mailbox.sending import actions as sending
from casier.mailbox.sending.models import Mark
from casier.portal.api import (
    academy_services,
    announcements,
    attachments,
    delegations,
    filters,
    finding,
    images,
    links,
    notifications,
    offline,
    previews,
    push,
    restore,
    schemas,
    settings,
    teamwork,
    transfer,
    writing,
)
from casier.portal.api.access import signed_in
from casier.portal.api.me import me_of
from casier.portal.api.people import find_people
from casier.portal.api.words import in_words
from casier.portal.remembered import remember
from casier.portal.views.errors import problem
from casier.portal.views.sign_in import source_of

LOG = logging.getLogger("casier.portal.api")

api = NinjaAPI(
    title="Casier", version="1", docs_url=None, openapi_url=None, urls_namespace="api", auth=signed_in
)


# One module a capability: its routes below a prefix, and the words of its refusals.
CAPABILITIES = {
    "/announcements": announcements,
    "/attachments": attachments,
    "/delegations": delegations,
    "/filters": filters,
    "/images": images,
    "/links": links,
    "/notifications": notifications,
    "/offline": offline,
    "/previews": previews,
    "/push": push,
    "/restore": restore,
    "/search": finding,
    "/services": academy_services,
    "/settings": settings,
    "/transfer": transfer,
    "/teamwork": teamwork,
    "/writing": writing,
}
for prefix, capability in CAPABILITIES.items():
    api.add_router(prefix, capability.router)
WORDS = [capability.words for capability in CAPABILITIES.values()]
MARKS = {"reply": Mark.ANSWERED, "forward": Mark.FORWARDED}


def person(request: HttpRequest) -> User:
    """The person signed in: the access check has seen them."""
    return cast("User", request.user)


@api.get("/me", response=schemas.Me, by_alias=True, auth=signed_in)
def get_me(request: HttpRequest) -> schemas.Me:
    """Who is signed in, what is theirs, and the limits that hold for them."""
    return me_of(request, person(request))


@api.patch("/me", response=schemas.Me, by_alias=True, auth=signed_in)
def patch_me(request: HttpRequest, wanted: schemas.Preferences, response: HttpResponse) -> schemas.Me:
    """Another language or theme."""
    user = person(request)
    user.locale = wanted.locale or user.locale
    user.theme = wanted.theme or user.theme
    user.save(update_fields=["locale", "theme"])
    remember(response, user)
    return me_of(request, user)


@api.get("/people", response=list[schemas.Found], by_alias=True, auth=signed_in)
def get_people(request: HttpRequest, q: str = "") -> list[schemas.Found]:
    """Recipients of the directory whose name or address starts like what is typed."""
    return find_people(person(request).account, q)


@api.post("/send", response={202: schemas.Accepted}, by_alias=True, auth=signed_in)
def post_send(request: HttpRequest, wanted: schemas.SendRequest) -> Status[schemas.Accepted]:
    """Send a draft after the time to undo."""
    account = person(request).account
    asked = sending.Asked(
        wanted.account_id,
        wanted.email_id,
        wanted.mail_from,
        tuple(wanted.rcpt_to),
        wanted.send_at,
        original=(wanted.original.email_id, MARKS[wanted.original.kind]) if wanted.original else None,
        on_behalf=wanted.on_behalf,
    )
    row = sending.queue_send(account, asked, by=Actor.account(account.public_id, source_of(request)))
    return Status(202, schemas.Accepted(id=row.id.hex, due_at=row.due_at))


@api.patch("/send/{send_id}", response={202: schemas.Accepted}, by_alias=True, auth=signed_in)
def patch_send(request: HttpRequest, send_id: str, wanted: schemas.Rescheduled) -> Status[schemas.Accepted]:
    """Another time for a message that waits for its time. 409 when it has left."""
    row = sending.reschedule_send(person(request).account, send_id, wanted.send_at)
    return Status(202, schemas.Accepted(id=row.id.hex, due_at=row.due_at))


@api.delete("/send/{send_id}", response={204: None}, auth=signed_in)
def delete_send(request: HttpRequest, send_id: str) -> Status[None]:
    """Undo: the message is a draft again. 409 when it has left."""
    sending.cancel_send(person(request).account, send_id)
    return Status(204, None)


@api.get("/send", response=list[schemas.SendState], by_alias=True, auth=signed_in)
def get_sends(request: HttpRequest) -> list[schemas.SendState]:
    """What was sent in the last day, and what waits, the newest first."""
    return [
        schemas.SendState(
            id=row.id.hex,
            email_id=row.email_id,
            state=cast("Any", row.state),
            reason=row.reason,
            reference=row.reference,
            due_at=row.due_at,
            account_id=row.mailbox_key,
            scheduled=row.scheduled,
        )
        for row in sending.recent_sends(person(request).account)
    ]


@api.exception_handler(CasierError)
def on_refusal(request: HttpRequest, error: CasierError) -> HttpResponse:
    words = in_words(error, WORDS)
    LOG.log(
        words.level,
        "%s %s: %s %s (%s)",
        request.method,
        request.path,
        error.code,
        error.facts,
        error.reference,
    )
    answer = problem(words.status, error.code, words.title, words.detail, error.reference)
    if "retry_after" in error.facts:
        answer["Retry-After"] = str(error.facts["retry_after"])
    if error.code == "service_token_refused":
        answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def on_bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    reference = new_reference()
    places = ["/".join(str(step) for step in fault.get("loc", ())) for fault in error.errors]
    LOG.warning("%s %s: fields refused: %s (%s)", request.method, request.path, places, reference)
    words = in_words(CasierError("invalid"))
    return problem(400, "invalid_request", words.title, ", ".join(places), reference)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    LOG.warning("%s %s: %s", request.method, request.path, error)
    words = in_words(CasierError("invalid"))
    return problem(error.status_code, "invalid_request", words.title, words.detail, new_reference())
