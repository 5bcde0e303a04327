"""Templates and receipts: `/api/writing/…`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.audit.api import Actor
from casier.directory.access import primary_address
from casier.directory.models import Account
from casier.identity.models import User
from casier.kernel.instance import Port
from casier.mailbox.sending.actions import SenderNotYours, may_open
from casier.mailbox.sending.jmap import Jmap
from casier.mailbox.sending.transport import Transport
from casier.mailbox.writing import receipts, templates
from casier.mailbox.writing.models import Template
from casier.mailbox.writing.signature import fields_of
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

router = Router()


class TemplateOwner(Shape):
    """The functional mailbox that a template belongs to."""

    key: str
    name: str


class TemplateShape(Shape):
    id: str
    name: str
    subject: str
    html: str
    # The academy's.
    shared: bool
    mailbox: TemplateOwner | None
    # Whether this person may change it.
    mine: bool


class WrittenTemplate(Shape):
    name: str = Field(min_length=1, max_length=100)
    subject: str = Field(default="", max_length=500)
    html: str = Field(max_length=templates.LONGEST)


class NewTemplate(WrittenTemplate):
    # The key of the functional mailbox to keep it in; empty: one's own.
    mailbox: str = Field(default="", max_length=200)


class KnownFields(Shape):
    nom: str
    fonction: str
    etablissement: str
    ville: str
    academie: str
    adresse: str


class ReadMessage(Shape):
    account_id: str = Field(min_length=1, max_length=200)
    email_id: str = Field(min_length=1, max_length=200)
    by_itself: bool = False


@router.get("/templates", response=list[TemplateShape], by_alias=True, auth=signed_in)
def get_templates(request: HttpRequest) -> list[TemplateShape]:
    """One's own, those of the functional mailboxes one belongs to, then the academy's."""
    account = _account(request)
    rights = templates.rights_in(account)
    return [_shape(row, rights) for row in templates.templates_for(account)]


@router.post("/templates", response={201: TemplateShape}, by_alias=True, auth=signed_in)
def post_template(request: HttpRequest, wanted: NewTemplate) -> Status[TemplateShape]:
    """A new one: one's own, or a functional mailbox's."""
    account = _account(request)
    row = templates.save_new(account, _written(wanted), wanted.mailbox, by=_actor(request, account))
    return Status(201, _shape(row, templates.rights_in(account)))


@router.put("/templates/{template_id}", response=TemplateShape, by_alias=True, auth=signed_in)
def put_template(request: HttpRequest, template_id: str, wanted: WrittenTemplate) -> TemplateShape:
    """Another version of one that one may change."""
    account = _account(request)
    row = templates.change(account, template_id, _written(wanted), by=_actor(request, account))
    return _shape(row, templates.rights_in(account))


@router.delete("/templates/{template_id}", response={204: None}, auth=signed_in)
def delete_template(request: HttpRequest, template_id: str) -> Status[None]:
    account = _account(request)
    templates.delete(account, template_id, by=_actor(request, account))
    return Status(204, None)


@router.get("/fields", response=KnownFields, by_alias=True, auth=signed_in)
def get_fields(request: HttpRequest) -> KnownFields:
    """What the directory knows of the person, for the fields of a template."""
    account = _account(request)
    known = fields_of(account)
    return KnownFields(
        nom=known.nom,
        fonction=known.fonction,
        etablissement=known.etablissement,
        ville=known.ville,
        academie=known.academie,
        adresse=primary_address(account),
    )


@router.post("/receipts", response={204: None}, auth=signed_in)
def post_receipt(request: HttpRequest, read: ReadMessage) -> Status[None]:
    """Tell the sender that the message was read, once."""
    account = _account(request)
    if not may_open(account, read.account_id):
        raise SenderNotYours(mailbox=read.account_id)
    store, transport = _roads()
    telling = receipts.Telling(timezone.now(), read.by_itself)
    receipts.send_receipt(store, transport, _reader(account, read.account_id), read.email_id, telling)
    return Status(204, None)


def _account(request: HttpRequest) -> Account:
    return cast("User", request.user).account


def _actor(request: HttpRequest, account: Account) -> Actor:
    return Actor.account(account.public_id, source_of(request))


def _shape(row: Template, rights: Mapping[UUID, bool]) -> TemplateShape:
    owner = row.mailbox
    return TemplateShape(
        id=row.id.hex,
        name=row.name,
        subject=row.subject,
        html=row.html,
        shared=row.academy_id is not None,
        mailbox=TemplateOwner(key=owner.mailbox_key, name=owner.name) if owner else None,
        mine=rights.get(owner.pk, False) if owner else row.account_id is not None,
    )


def _written(wanted: WrittenTemplate) -> templates.Written:
    return templates.Written(wanted.name, wanted.subject, wanted.html)


def _reader(account: Account, mailbox_key: str) -> receipts.Reader:
    """From one's own mailbox as oneself; from a shared one under its own name and address."""
    membership = (
        account.memberships.filter(mailbox__mailbox_key=mailbox_key).select_related("mailbox").first()
    )
    owner = account if membership is None else membership.mailbox
    live = owner.addresses.filter(retired_at__isnull=True).order_by("-is_primary", "address")
    addresses = tuple(live.values_list("address", flat=True)) or (primary_address(account),)
    name = account.person.full_name if membership is None else membership.mailbox.name
    return receipts.Reader(account.mailbox_key, mailbox_key, name, addresses)


@lru_cache(maxsize=1)
def _roads() -> tuple[Jmap, Transport]:
    instance = settings.CASIER_INSTANCE
    store = Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))
    return store, Transport(instance.port(Port.POSTFIX_JMAP))


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "template_refused": Words(
            422,
            _("Modèle refusé"),
            _("Donnez au modèle un nom qui n’existe pas encore, et un texte moins long."),
        ),
        "no_receipt_wanted": Words(
            409, _("Aucun accusé attendu"), _("L’accusé de lecture a déjà été envoyé, ou n’est plus demandé.")
        ),
    }
