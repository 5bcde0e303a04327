"""Exports and imports: `/api/transfer`. Files come as tus 1.0 has it, and go by nginx."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.mailbox.transfer import exports, imports
from casier.mailbox.transfer.models import Export, Import
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in, signed_in_with_bytes
from casier.portal.api.schemas import Shape
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
from casier.portal.api.words import Words

PATH = "/api/transfer/uploads"
router = Router()


class ExportRequest(Shape):
    """FOLDERS as people write them (`A/B`); left out: all."""

    account_id: str = Field(max_length=254)
    folders: list[str] | None = Field(default=None, max_length=2000)
    mail: bool = True
    contacts: bool = False
    agendas: bool = False
    mbox: bool = False
    letter: bool = False


class ExportShape(Shape):
    id: str
    account_id: str
    state: str
    reason: str
    reference: str
    folders: list[str]
    mail: bool
    contacts: bool
    agendas: bool
    done: int
    total: int
    size: int
    ahead: int
    created_at: datetime
    expires_at: datetime | None


class ImportShape(Shape):
    """`found` before it is taken in, `report` after."""

    id: str
    account_id: str
    name: str
    size: int
    state: str
    reason: str
    reference: str
    folder: str
    done: int
    found: dict[str, Any]
    report: dict[str, Any]
    can_undo: bool
    created_at: datetime


class Limits(Shape):
    import_bytes: int
    export_days: int


class All(Shape):
    """What is under way and what was done lately."""

    exports: list[ExportShape]
    imports: list[ImportShape]
    limits: Limits


class StartRequest(Shape):
    folder: str = Field(default="", max_length=500)
    doubles: bool = False


@router.get("", response=All, by_alias=True, auth=signed_in)
def get_all(request: HttpRequest) -> All:
    """Exports and imports of this person, the latest first."""
    account, now = user_of(request).account, timezone.now()
    policy = policy_for(account.academy).transfer
    return All(
        exports=[_export(one) for one in exports.exports_of(account)[: exports.SHOWN]],
        imports=[_import(one, now) for one in imports.imports_of(account)[: imports.SHOWN]],
        limits=Limits(import_bytes=policy.import_bytes, export_days=policy.export_days),
    )


@router.post("/exports", response={202: ExportShape}, by_alias=True, auth=signed_in)
def post_export(request: HttpRequest, wanted: ExportRequest) -> Status[ExportShape]:
    """Have an export made."""
    folders = None if wanted.folders is None else tuple(wanted.folders)
    asked = exports.Asked(
        wanted.account_id, folders, wanted.mail, wanted.contacts, wanted.agendas, wanted.mbox, wanted.letter
    )
    made = exports.begin_export(user_of(request).account, asked, by=actor_of(request), now=timezone.now())
    return Status(202, _export(made))


@router.delete("/exports/{uuid:export_id}", response={204: None}, auth=signed_in)
def delete_export(request: HttpRequest, export_id: UUID) -> Status[None]:
    """Give it up, or delete the file."""
    account = user_of(request).account
    exports.cancel_export(account, str(export_id), by=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.get("/exports/{uuid:export_id}/file", auth=signed_in)
def get_file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The zip; nginx sends it, from where a broken download ended too."""
    account = user_of(request).account
    road, name = exports.fetch_export(account, str(export_id), by=actor_of(request), now=timezone.now())
    response = HttpResponse(content_type="application/zip")
    response.headers["X-Accel-Redirect"] = road
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@router.api_operation(["OPTIONS"], "/uploads", auth=signed_in)
def options(request: HttpRequest) -> HttpResponse:
    """What is spoken here."""
    largest = policy_for(user_of(request).account.academy).transfer.import_bytes
    return answered(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=largest)


@router.post("/uploads", auth=signed_in_with_bytes)
def create(request: HttpRequest) -> HttpResponse:
    """Begin to bring a file; metadata: `filename`, `account`."""
    check_version(request)
    said, account = metadata(request.headers.get("Upload-Metadata", "")), user_of(request).account
    key, size = said.get("account", account.mailbox_key), number_in(request, "Upload-Length")
    name = said.get("filename", "")
    taken = imports.begin_import(account, key, name, size, by=actor_of(request), now=timezone.now())
    return answered(201, Location=f"{PATH}/{taken.id}", Upload_Expires=_expires(taken))


@router.api_operation(["HEAD"], "/uploads/{uuid:upload}", auth=signed_in)
def head(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Where the file ends, to go on from there."""
    check_version(request)
    taken = imports.import_of(user_of(request).account, str(upload))
    offset = imports.offset_of(taken)
    return answered(200, Upload_Offset=offset, Upload_Length=taken.size, Upload_Expires=_expires(taken))


@router.patch("/uploads/{uuid:upload}", auth=signed_in_with_bytes)
def patch(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The next piece."""
    check_version(request)
    offset, now = number_in(request, "Upload-Offset"), timezone.now()
    end = imports.append(user_of(request).account, str(upload), offset, request, now)
    return answered(204, Upload_Offset=end)


@router.delete("/uploads/{uuid:upload}", auth=signed_in)
def delete_upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Give up."""
    check_version(request)
    account = user_of(request).account
    imports.cancel_import(account, str(upload), by=actor_of(request), now=timezone.now())
    return answered(204)


@router.post("/imports/{uuid:import_id}/start", response={202: ImportShape}, by_alias=True, auth=signed_in)
def post_start(request: HttpRequest, import_id: UUID, wanted: StartRequest) -> Status[ImportShape]:
    """Take in what was found."""
    account, now = user_of(request).account, timezone.now()
    taken = imports.start_import(
        account, str(import_id), wanted.folder, doubles=wanted.doubles, by=actor_of(request), now=now
    )
    return Status(202, _import(taken, now))


@router.post("/imports/{uuid:import_id}/undo", response={202: None}, auth=signed_in)
def post_undo(request: HttpRequest, import_id: UUID) -> Status[None]:
    """Take out again what came in."""
    account = user_of(request).account
    imports.undo_import(account, str(import_id), by=actor_of(request), now=timezone.now())
    return Status(202, None)


@router.delete("/imports/{uuid:import_id}", response={204: None}, auth=signed_in)
def delete_import(request: HttpRequest, import_id: UUID) -> Status[None]:
    """Stop it; what came in until then stays."""
    account = user_of(request).account
    imports.cancel_import(account, str(import_id), by=actor_of(request), now=timezone.now())
    return Status(204, None)


def _expires(taken: Import) -> str:
    return http_date((taken.touched_at + imports.PATIENCE).timestamp())


def _export(one: Export) -> ExportShape:
    return ExportShape(
        id=str(one.id), account_id=one.mailbox_key, state=one.state, reason=one.reason,
        reference=one.reference, folders=one.folders, mail=one.mail, contacts=one.contacts,
        agendas=one.agendas, done=one.done, total=one.total, size=one.octets, ahead=exports.ahead_of(one),
        created_at=one.created_at, expires_at=one.expires_at,
    )  # fmt: skip


def _import(one: Import, now: datetime) -> ImportShape:
    return ImportShape(
        id=str(one.id), account_id=one.mailbox_key, name=one.name, size=one.size, state=one.state,
        reason=one.reason, reference=one.reference, folder=one.folder, done=one.done, found=one.found,
        report=one.report, can_undo=imports.can_undo(one, now), created_at=one.created_at,
    )  # fmt: skip


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "transfer_not_there": Words(404, _("Introuvable"), _("Cet export ou cet import n’existe plus.")),
        "transfer_one_at_a_time": Words(
            409, _("Déjà en cours"), _("Un seul à la fois : attendez la fin du précédent, ou annulez-le.")
        ),
        "transfer_nothing": Words(
            422, _("Rien à exporter"), _("Choisissez au moins un dossier, les contacts ou les agendas.")
        ),
        "transfer_too_large": Words(
            413, _("Fichier trop volumineux"), _("Ce fichier est vide ou dépasse la taille permise.")
        ),
        "transfer_no_room": Words(
            409,
            _("Boîte trop pleine"),
            _("Il n’y a pas assez de place dans la boîte pour ce fichier. Faites de la place."),
        ),
        "transfer_no_disk": Words(
            507,
            _("Plus de place pour le moment"),
            _("La plateforme n’a plus assez de place pour le moment. Recommencez plus tard."),
        ),
        "transfer_not_now": Words(
            409, _("Trop tard"), _("Son état a changé entre-temps. Rechargez la page pour le voir.")
        ),
    }
