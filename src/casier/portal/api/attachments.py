"""Attachments in pieces: `/api/attachments`. Small ones go to the store at once (`/jmap/upload/`).

The pieces are tus 1.0, as for files by link. What is here whole is scanned and becomes a blob of the store,
which the draft attaches; the client then deletes what came.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.mailbox.attaching.coming import announced_size, append, begin, forget, offset_of
from casier.mailbox.attaching.handing import hand_over
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in, signed_in_with_bytes
from casier.portal.api.schemas import Shape
from casier.portal.api.tus import EXTENSIONS, VERSION, answered, check_version, number_in, user_of
from casier.portal.api.words import Words

PATH = "/api/attachments"
router = Router()


class WholeFile(Shape):
    """Which mailbox the file is for, and what it is said to be."""

    account_id: str = Field(min_length=1, max_length=254)
    type: str = Field(default="", max_length=200)


class Blob(Shape):
    """As the store answers an upload (RFC 8620 §6.1)."""

    account_id: str
    blob_id: str
    type: str
    size: int


@router.api_operation(["OPTIONS"], "", auth=signed_in)
def options(request: HttpRequest) -> HttpResponse:
    """What is spoken here."""
    largest = policy_for(user_of(request).account.academy).mail.attachment_bytes
    return answered(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=largest)


@router.post("", auth=signed_in_with_bytes)
def create(request: HttpRequest) -> HttpResponse:
    """Begin an upload."""
    check_version(request)
    name = begin(user_of(request).account, number_in(request, "Upload-Length"))
    return answered(201, Location=f"{PATH}/{name}")


@router.api_operation(["HEAD"], "/{name}", auth=signed_in)
def head(request: HttpRequest, name: str) -> HttpResponse:
    """Where the file ends, to go on from there."""
    check_version(request)
    offset = offset_of(user_of(request).account, name)
    return answered(200, Upload_Offset=offset, Upload_Length=announced_size(name))


@router.patch("/{name}", auth=signed_in_with_bytes)
def patch(request: HttpRequest, name: str) -> HttpResponse:
    """The next piece."""
    check_version(request)
    offset = number_in(request, "Upload-Offset")
    return answered(204, Upload_Offset=append(user_of(request).account, name, offset, request))


@router.delete("/{name}", auth=signed_in)
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Give up, or attached: what came is deleted."""
    check_version(request)
    forget(user_of(request).account, name)
    return answered(204)


@router.post("/{name}/blob", response={201: Blob}, by_alias=True, auth=signed_in)
def post_blob(request: HttpRequest, name: str, wanted: WholeFile) -> Status[Blob]:
    """The file is here: scan it and give it to the store. Asked again, it answers the same."""
    account = user_of(request).account
    blob = hand_over(account, name, wanted.account_id, wanted.type)
    size = announced_size(name)
    return Status(201, Blob(account_id=wanted.account_id, blob_id=blob, type=wanted.type, size=size))


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "attachment_too_large": Words(
            413,
            _("Fichier trop volumineux"),
            _("Ce fichier dépasse la taille que votre académie autorise pour une pièce jointe."),
        ),
        "attachment_no_room": Words(
            429,
            _("Trop de fichiers à la fois"),
            _("Attendez que les fichiers en cours d’envoi soient arrivés, puis recommencez."),
        ),
        "virus_found": Words(
            422, _("Virus détecté"), _("Ce fichier contient un virus. Il n’a pas été joint.")
        ),
        "not_scannable": Words(
            422,
            _("Fichier impossible à vérifier"),
            _(
                "Ce fichier est protégé par un mot de passe ou contient trop de niveaux d’archives : "
                "l’antivirus ne peut pas l’examiner. Il n’a pas été joint."
            ),
        ),
    }
