"""Files sent by link, for their sender: `/api/links`."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.audit.api import Actor
from casier.identity.models import User
from casier.kernel.secret import Secret
from casier.mailbox.links.actions import (
    Sending,
    Terms,
    links_sent,
    links_with,
    revoke,
    send_by_link,
    set_terms,
)
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.opening import Standing, standing_of
from casier.policies.api import policy_for
from casier.portal.api import uploads
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

MOST_LISTED = 300
router = Router()
router.add_router("/uploads", uploads.router)


class Limits(Shape):
    largest_bytes: int
    default_days: int
    longest_days: int
    outsiders: bool
    outsider_password: bool


class Fetch(Shape):
    address: str
    at: datetime
    source: str


class LinkShape(Shape):
    id: str
    name: str
    size: int
    standing: str
    partly_checked: bool
    sensitive: bool
    password: bool
    subject: str
    recipients: list[str]
    days: int
    downloads: int
    max_downloads: int | None
    fetched: list[Fetch]
    sent_at: datetime | None
    expires_at: datetime


class TokensShape(Shape):
    tokens: list[str] = Field(min_length=1, max_length=100)


class SendShape(TokensShape):
    sender: str = Field(default="", max_length=254)
    subject: str = Field(default="", max_length=1000)
    recipients: list[str] = Field(min_length=1, max_length=500)


class TermsShape(Shape):
    days: int | None = Field(default=None, ge=0, le=365)
    password: str | None = Field(default=None, max_length=200)
    max_downloads: int | None = Field(default=None, ge=0, le=100_000)
    sensitive: bool | None = None


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _actor(request: HttpRequest) -> Actor:
    return Actor.account(_user(request).account.public_id, source_of(request))


@router.get("/limits", response=Limits, by_alias=True, auth=signed_in)
def get_limits(request: HttpRequest) -> Limits:
    """What the academy lets pass by link."""
    policy = policy_for(_user(request).account.academy).links
    return Limits(**{name: getattr(policy, name) for name in Limits.model_fields})


@router.get("", response=list[LinkShape], by_alias=True, auth=signed_in)
def get_links(request: HttpRequest) -> list[LinkShape]:
    """What this person sent by link, the newest first, with who fetched it."""
    now = timezone.now()
    return [_shape(link, now) for link in links_sent(_user(request).account)[:MOST_LISTED]]


@router.post("/lookup", response=list[LinkShape], by_alias=True, auth=signed_in)
def post_lookup(request: HttpRequest, wanted: TokensShape) -> list[LinkShape]:
    """What is known of the links that stand in a draft. (A POST: tokens don't stand in addresses.)"""
    now = timezone.now()
    return [_shape(link, now) for link in links_with(_user(request).account, wanted.tokens)]


@router.post("/sending", response=list[LinkShape], by_alias=True, auth=signed_in)
def post_sending(request: HttpRequest, wanted: SendShape) -> list[LinkShape]:
    """A message leaves with these links: those whom it goes to may fetch the files."""
    now = timezone.now()
    sending = Sending(wanted.sender, wanted.subject, tuple(wanted.recipients))
    account = _user(request).account
    links = send_by_link(account, wanted.tokens, sending, by=_actor(request), now=now)
    return [_shape(link, now) for link in links]


@router.patch("/{uuid:link_id}", response=LinkShape, by_alias=True, auth=signed_in)
def patch_link(request: HttpRequest, link_id: UUID, wanted: TermsShape) -> LinkShape:
    """How long, how often, with which password."""
    now = timezone.now()
    password = None if wanted.password is None else Secret(wanted.password)
    terms = Terms(wanted.days, password, wanted.max_downloads, wanted.sensitive)
    account = _user(request).account
    return _shape(set_terms(account, str(link_id), terms, by=_actor(request), now=now), now)


@router.delete("/{uuid:link_id}", response={204: None}, auth=signed_in)
def delete_link(request: HttpRequest, link_id: UUID) -> Status[None]:
    """Revoke: nobody fetches it from now on."""
    revoke(_user(request).account, str(link_id), by=_actor(request), now=timezone.now())
    return Status(204, None)


def _shape(link: Link, now: datetime) -> LinkShape:
    standing = standing_of(link, now)
    word = "infected" if standing is Standing.REFUSED and link.state == State.INFECTED else standing.value
    return LinkShape(
        id=str(link.id),
        name=link.name,
        size=link.size,
        standing="coming" if link.state == State.COMING and standing is Standing.CHECKING else word,
        partly_checked=link.partly_checked,
        sensitive=link.sensitive,
        password=bool(link.password),
        subject=link.subject,
        recipients=[recipient.address for recipient in link.recipients.all()],
        days=link.days or policy_for(link.account.academy).links.default_days,
        downloads=link.downloads,
        max_downloads=link.max_downloads,
        fetched=[Fetch(address=one.address, at=one.at, source=one.source) for one in link.fetched.all()],
        sent_at=link.sent_at,
        expires_at=link.expires_at,
    )


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "link_too_large": Words(
            413,
            _("Fichier trop volumineux"),
            _("Ce fichier dépasse ce que votre académie laisse passer par lien."),
        ),
        "link_no_room": Words(
            507,
            _("Plus de place pour vos fichiers"),
            _("Vos fichiers envoyés par lien occupent toute leur place. Révoquez-en dans « Mes liens »."),
        ),
        "link_wrong_offset": Words(
            409, _("Envoi décalé"), _("L’envoi du fichier reprendra là où il s’est arrêté.")
        ),
        "link_outsiders": Words(
            422,
            _("Destinataire extérieur"),
            _("Votre académie n’envoie des fichiers par lien qu’à ses propres adresses."),
        ),
        "link_password_needed": Words(
            422,
            _("Mot de passe nécessaire"),
            _("Un destinataire est extérieur : votre académie demande un mot de passe pour ce fichier."),
        ),
        "link_not_sendable": Words(
            409,
            _("Fichier indisponible"),
            _("Ce fichier a été retiré, ou n’est pas arrivé en entier. Joignez-le de nouveau."),
        ),
        "link_bad_terms": Words(
            422,
            _("Réglage refusé"),
            _("La durée, le mot de passe (8 caractères au moins) ou une adresse ne convient pas."),
        ),
        "tus_version": Words(412, _("Demande refusée"), _("Rechargez la page et recommencez.")),
    }
