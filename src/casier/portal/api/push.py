"""Browsers that want to be told of new mail while no page is open: `/api/push`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field, StringConstraints

from casier.audit.api import Actor
from casier.identity import sessions
from casier.identity.models import User
from casier.kernel.instance import Instance
from casier.mailbox.push import actions
from casier.mailbox.push.errors import PushOnSharedComputer
from casier.mailbox.push.keys import Keys, Subscription
from casier.mailbox.push.models import Device
from casier.mailbox.push.reach import LONGEST
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.devices import device_of
from casier.portal.views.sign_in import source_of

router = Router()
Clock = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
MailboxKey = Annotated[str, StringConstraints(max_length=200)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,120}=*$", max_length=124)]


class DeviceShape(Shape):
    id: str
    name: str
    here: bool
    audience: str
    quiet_from: str
    quiet_until: str
    used_at: datetime
    fault: str


class Pushing(Shape):
    off: Literal["", "policy", "nowhere", "shared"]
    key: str
    devices: list[DeviceShape]


class Reached(Shape):
    endpoint: str = Field(min_length=10, max_length=LONGEST)
    p256dh: Key
    auth: Key


class Renewed(Reached):
    before: str = Field(default="", max_length=LONGEST)


class Here(Reached):
    audience: Literal["all", "known"] = "all"
    quiet_from: Clock = ""
    quiet_until: Clock = ""
    zone: str = Field(default="Europe/Paris", max_length=60)
    mailboxes: list[MailboxKey] = Field(default=[], max_length=100)


@router.get("", response=Pushing, by_alias=True, auth=signed_in)
def get_push(request: HttpRequest) -> Pushing:
    """Whether browsers can be told here, with which key they subscribe, and those that are told."""
    account = _user(request).account
    off = "shared" if _shared(request) else actions.why_off(account, actions.reach_here())
    mine = _session(request)
    return Pushing(
        off=cast("Literal['', 'policy', 'nowhere', 'shared']", off),
        key="" if off else Keys.of(_instance()).public,
        devices=[_shape(row, mine) for row in actions.devices_of(account)],
    )


@router.put("/here", response=DeviceShape, by_alias=True, auth=signed_in)
def put_here(request: HttpRequest, wanted: Here) -> DeviceShape:
    """Tell this browser. Asked again at each visit: it belongs to the session that is open in it now."""
    if _shared(request):
        raise PushOnSharedComputer
    user = _user(request)
    browser = actions.Browser(
        _session(request), device_of(request.headers.get("User-Agent", "")), user.locale
    )
    wishes = actions.Wishes(
        wanted.audience, wanted.quiet_from, wanted.quiet_until, wanted.zone, tuple(wanted.mailboxes)
    )
    row = actions.register(
        user.account, browser, _given(wanted), wishes, by=_actor(request), now=timezone.now()
    )
    return _shape(row, _session(request))


@router.put("/here/renewed", response={204: None}, auth=signed_in)
def put_renewed(request: HttpRequest, renewed: Renewed) -> Status[None]:
    """The browser has renewed its subscription while no page was open: its worker tells of it."""
    if _shared(request):
        raise PushOnSharedComputer
    account = _user(request).account
    actions.renew(account, _session(request), renewed.before, _given(renewed), by=_actor(request))
    return Status(204, None)


@router.delete("/here", response={204: None}, auth=signed_in)
def delete_here(request: HttpRequest) -> Status[None]:
    """This browser isn't told any more."""
    actions.forget_here(_user(request).account, _session(request), by=_actor(request))
    return Status(204, None)


@router.post("/here/trial", response={202: None}, auth=signed_in)
def post_trial(request: HttpRequest) -> Status[None]:
    """Push something to this browser, now."""
    actions.try_out(_user(request).account, _session(request), timezone.now())
    return Status(202, None)


@router.delete("/devices/{device_id}", response={204: None}, auth=signed_in)
def delete_device(request: HttpRequest, device_id: UUID) -> Status[None]:
    """Another of one's own isn't told any more."""
    actions.forget_device(_user(request).account, device_id, by=_actor(request))
    return Status(204, None)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _actor(request: HttpRequest) -> Actor:
    return Actor.account(_user(request).account.public_id, source_of(request))


def _session(request: HttpRequest) -> str:
    return sessions.digest_of(request.session.session_key or "")


def _shared(request: HttpRequest) -> bool:
    return bool(request.session[sessions.TERMS].get("shared_computer", False))


def _given(reached: Reached) -> Subscription:
    return Subscription(reached.endpoint, reached.p256dh, reached.auth)


def _instance() -> Instance:
    return settings.CASIER_INSTANCE


def _shape(row: Device, session: str) -> DeviceShape:
    return DeviceShape(
        id=row.id.hex,
        name=row.name,
        here=row.session == session,
        audience=row.audience,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        used_at=row.used_at,
        fault=row.fault,
    )


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "push_off": Words(
            422,
            _("Notifications indisponibles"),
            _("Ici, les nouveaux messages ne s’annoncent que tant que le courrier est ouvert."),
        ),
        "push_shared_computer": Words(
            403,
            _("Ordinateur partagé"),
            _("Sur un ordinateur partagé, les nouveaux messages ne sont pas annoncés."),
        ),
        "bad_subscription": Words(
            422,
            _("Service de notification refusé"),
            _("Casier ne connaît pas le service de notification de ce navigateur."),
        ),
        "too_many_changes": Words(429, _("Trop de changements"), _("Patientez un moment, puis recommencez.")),
        "not_your_device": Words(
            409,
            _("Appareil déjà inscrit"),
            _("Cet appareil est inscrit autrement. Retirez ses notifications, puis recommencez."),
        ),
    }
