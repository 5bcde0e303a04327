"""Previews of office documents: `/api/previews`."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from casier.engines.office.frames import Standing
from casier.identity.models import User
from casier.mailbox.previews import actions
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words

router = Router()
# What a document became is a mail's content still: nothing of it may run on our origin.
_SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'"


class PreviewRequest(Shape):
    """A part of a message."""

    account_id: str
    blob_id: str
    name: str
    type: str


class Preview(Shape):
    """How far it is; `reason` where it failed, `ahead` how many are converted before it."""

    id: str
    state: str
    reason: str
    ahead: int


def _told(ticket: str, standing: Standing) -> Preview:
    return Preview(id=ticket, state=standing.state, reason=standing.reason, ahead=standing.ahead)


@router.post("", response={202: Preview}, by_alias=True, auth=signed_in)
def post_preview(request: HttpRequest, wanted: PreviewRequest) -> Status[Preview]:
    """Have a document converted."""
    asked = actions.Asked(wanted.account_id, wanted.blob_id, wanted.name, wanted.type)
    ticket, standing = actions.begin(cast("User", request.user).account, asked)
    return Status(202, _told(ticket.signed(), standing))


@router.get("/{ticket}", response=Preview, by_alias=True, auth=signed_in)
def get_preview(request: HttpRequest, ticket: str) -> Preview:
    """How far it is."""
    return _told(ticket, actions.standing(cast("User", request.user).account, ticket))


@router.get("/{ticket}/pages", auth=signed_in)
def get_pages(request: HttpRequest, ticket: str) -> HttpResponse:
    """The PDF, for the client's own viewer."""
    content = actions.pages(cast("User", request.user).account, ticket)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="document.pdf"'
    response.headers["Content-Security-Policy"] = _SEALED
    response.headers["Cache-Control"] = "private, no-store"
    return response


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "office_absent": Words(
            422,
            _("Aperçu non installé"),
            _(
                "L’aperçu des documents bureautiques n’est pas installé sur cette messagerie. "
                "Téléchargez le fichier pour l’ouvrir."
            ),
        ),
        "not_a_document": Words(
            422, _("Aperçu impossible"), _("Ce fichier n’est pas un document bureautique.")
        ),
        "document_too_large": Words(
            422,
            _("Document trop volumineux"),
            _("Ce document est trop volumineux pour un aperçu. Téléchargez-le pour l’ouvrir."),
        ),
        "preview_gone": Words(
            422,
            _("Aperçu périmé"),
            _("Cet aperçu n’est plus disponible. Fermez-le, puis ouvrez-le de nouveau."),
        ),
    }
