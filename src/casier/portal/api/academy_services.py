"""For other services of an academy: `/api/services`. A token instead of a session, and nothing to read."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Header, Router, Status
from ninja.security.base import AuthBase
from pydantic import Field

from casier.mailbox.notifications import quota
from casier.mailbox.notifications.actions import Told, notify
from casier.mailbox.notifications.errors import BadToken, TooLarge
from casier.mailbox.notifications.models import Service
from casier.mailbox.notifications.services import service_with
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

# Four octets a character at most, escaped twice over: larger is no notification.
LARGEST = 16_384
router = Router()


class ByToken(AuthBase):
    """`Authorization: Bearer <token>` alone: no cookie opens this, and no browser sends it by itself."""

    openapi_type = "http"

    def __call__(self, request: HttpRequest) -> Any:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise BadToken(source=source_of(request))
        service = service_with(token.strip(), source_of(request))
        quota.may_ask(service.id.hex)
        # Before anything of it is read.
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise TooLarge(octets=request.META["CONTENT_LENGTH"])
        return service


by_token = ByToken()


class NotificationRequest(Shape):
    to: str = Field(max_length=254)
    title: str = Field(max_length=1000)
    text: str = Field(default="", max_length=4000)
    link: str = Field(default="", max_length=2000)


class Notified(Shape):
    id: str


@router.post("/notifications", response={200: Notified, 201: Notified}, by_alias=True, auth=by_token)
def post_notification(
    request: HttpRequest,
    wanted: NotificationRequest,
    key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> Status[Notified]:
    """Tell one person something. 201; 200 with the same id where this very request came before."""
    service = cast("Service", request.auth)  # type: ignore[attr-defined]
    told = Told(wanted.to, wanted.title, wanted.text, wanted.link)
    row, new = notify(service, told, key, timezone.now())
    return Status(201 if new else 200, Notified(id=row.id.hex))


_FRENCH = {
    "service_token_refused": (401, "Jeton refusé", "Ce jeton de service est absent, inconnu ou révoqué."),
    "too_many_requests": (429, "Trop de demandes", "Attendez le délai que dit l’en-tête Retry-After."),
    "not_your_academy": (403, "Autre académie", "Un service n’écrit qu’aux adresses de son académie."),
    "unknown_recipient": (404, "Destinataire inconnu", "Personne n’a cette adresse dans l’académie."),
    "bad_notification": (
        422,
        "Notification refusée",
        "Texte brut : titre de 1 à 120 caractères, texte de 500 au plus ; lien https vers un hôte permis.",
    ),
    "idempotency_key_missing": (
        400,
        "Clé d’idempotence absente",
        "L’en-tête Idempotency-Key est nécessaire : 8 à 100 caractères ASCII, propres à chaque notification.",
    ),
    "idempotency_key_used": (
        409,
        "Clé déjà employée",
        "Cette clé d’idempotence a servi pour une autre notification.",
    ),
    "notification_too_large": (413, "Demande trop longue", "Une notification tient dans 16 Kio."),
}
_ENGLISH = {
    "service_token_refused": (401, "Token refused", "This service token is missing, unknown or revoked."),
    "too_many_requests": (429, "Too many requests", "Wait as long as the Retry-After header says."),
    "not_your_academy": (403, "Another academy", "A service writes only to addresses of its own academy."),
    "unknown_recipient": (404, "Unknown recipient", "Nobody in the academy has this address."),
    "bad_notification": (
        422,
        "Notification refused",
        "Plain text: title of 1 to 120 characters, text of 500 at most; https link to an allowed host.",
    ),
    "idempotency_key_missing": (
        400,
        "Idempotency key missing",
        "The Idempotency-Key header is needed: 8 to 100 ASCII characters, one for each notification.",
    ),
    "idempotency_key_used": (
        409,
        "Key already used",
        "This idempotency key came with another notification.",
    ),
    "notification_too_large": (413, "Request too large", "A notification fits in 16 KiB."),
}


def words() -> dict[str, Words]:
    """Refusals of this part, in the language that is asked for."""
    table = _ENGLISH if (get_language() or "fr").startswith("en") else _FRENCH
    return {code: Words(*said) for code, said in table.items()}
