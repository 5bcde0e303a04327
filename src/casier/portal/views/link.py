"""The page of a file sent by link. It works without script, and tells nobody who else it was sent to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import Actor
from casier.directory.access import primary_address
from casier.identity.models import User
from casier.kernel.addresses import BadAddress, MailAddress
from casier.mailbox.links import codes, opening
from casier.mailbox.links.access import is_ours
from casier.mailbox.links.models import Link
from casier.mailbox.links.opening import Standing
from casier.portal.views.sign_in import source_of

KEPT = "links"
# How long an address that was proved, or a download that was counted, is good for.
PROVED_SECONDS = 3600
LONGEST_PASSWORD = 200
_FETCHABLE = (Standing.OPEN, Standing.USED_UP)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who looks at the page, as far as they have shown it."""

    address: str = ""  # proved, or that of the account signed in
    asked: str = ""  # typed, not proved
    owner: bool = False
    stranger: bool = False  # signed in, but it wasn't sent to them
    unlocked: bool = False  # knew the password


@sensitive_post_parameters("code", "mot_de_passe")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Who sent what, until when; then who one is, the password, the file."""
    link = _link(token)
    standing = opening.standing_of(link, timezone.now())
    if request.method == "POST" and standing is Standing.OPEN:
        return _act(request, link)
    return _show(request, link)


def _link(token: str) -> Link:
    link = opening.link_with(token)
    if link is None:
        raise Http404
    return link


def _act(request: HttpRequest, link: Link) -> HttpResponse:
    for name, act in _ACTS.items():
        if name in request.POST:
            return act(request, link)
    return _show(request, link)


def _ask_code(request: HttpRequest, link: Link) -> HttpResponse:
    """The same for every address outside: what is sent, and whether, is decided elsewhere."""
    try:
        address = str(MailAddress.parse(request.POST["adresse"]))
    except BadAddress:
        return _show(
            request, link, _("Écrivez une adresse complète, par exemple prenom.nom@exemple.fr."), 422
        )
    if is_ours(address):
        return HttpResponseRedirect(f"/connexion/?suite={request.path}")
    if not codes.ask(_visitor(request, link, address), get_language() or "fr"):
        return _show(request, link, _("Trop d’essais depuis votre réseau. Recommencez dans une heure."), 429)
    _keep(request, link, asked=address, proved=0)
    return HttpResponseRedirect(request.path)


def _take_code(request: HttpRequest, link: Link) -> HttpResponse:
    asked = str(_kept(request, link).get("asked", ""))
    if asked and codes.right(_visitor(request, link, asked), request.POST["code"][:40]):
        request.session.cycle_key()
        _keep(request, link, asked="", address=asked, proved=int(time.time()))
        return HttpResponseRedirect(request.path)
    refusal = _("Ce code n’est pas le bon, ou il n’est plus valable. Vérifiez-le, ou demandez-en un autre.")
    return _show(request, link, refusal, 422)


def _start_again(request: HttpRequest, link: Link) -> HttpResponse:
    _keep(request, link, asked="", address="", proved=0)
    return HttpResponseRedirect(request.path)


def _take_password(request: HttpRequest, link: Link) -> HttpResponse:
    guest = _guest(request, link)
    if not guest.address:
        return HttpResponseRedirect(request.path)
    if not codes.may_try_password(_visitor(request, link, guest.address)):
        return _show(request, link, _("Trop d’essais. Recommencez dans une heure."), 429)
    if not opening.password_opens(link, request.POST["mot_de_passe"][:LONGEST_PASSWORD]):
        return _show(request, link, _("Ce mot de passe n’est pas le bon."), 422)
    _keep(request, link, unlocked=link.password[-16:])
    return HttpResponseRedirect(request.path)


def _begin_download(request: HttpRequest, link: Link) -> HttpResponse:
    guest = _guest(request, link)
    if not guest.address or not guest.unlocked:
        return HttpResponseRedirect(request.path)
    if not opening.count_download(link, guest.address, by=_actor(request), now=timezone.now()):
        return HttpResponseRedirect(request.path)
    _keep(request, link, ticket=int(time.time()))
    return HttpResponseRedirect(f"{request.path}fichier/", status=303)


_ACTS = {
    "adresse": _ask_code,
    "code": _take_code,
    "autre": _start_again,
    "mot_de_passe": _take_password,
    "telecharger": _begin_download,
}


@require_safe
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """The bytes, for a download that was counted; again where the line broke, from where it broke.

    nginx sends them: as a download whatever they are, under a policy in which nothing runs.
    """
    link = _link(token)
    guest, counted = _guest(request, link), int(_kept(request, link).get("ticket", 0))
    standing = opening.standing_of(link, timezone.now())
    fresh = time.time() - counted < PROVED_SECONDS
    if standing not in _FETCHABLE or not guest.address or not guest.unlocked or not fresh:
        return HttpResponseRedirect(request.path.removesuffix("fichier/"))
    file = opening.file_of(link)
    response = HttpResponse(content_type="application/octet-stream")
    response.headers["X-Accel-Redirect"] = file.road
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _guest(request: HttpRequest, link: Link) -> Guest:
    kept = _kept(request, link)
    unlocked = not link.password or kept.get("unlocked") == link.password[-16:]
    user = request.user
    if isinstance(user, User):
        if user.account == link.account:
            return Guest(owner=True)
        if address := opening.address_for(link, user.account):
            return Guest(address=address, unlocked=unlocked)
    proved, address = int(kept.get("proved", 0)), str(kept.get("address", ""))
    if address and time.time() - proved < PROVED_SECONDS and opening.was_sent_to(link, address):
        return Guest(address=address, unlocked=unlocked)
    return Guest(asked=str(kept.get("asked", "")), stranger=isinstance(user, User))


def _kept(request: HttpRequest, link: Link) -> dict[str, Any]:
    found: dict[str, Any] = request.session.get(KEPT, {}).get(link.id.hex, {})
    return found


def _keep(request: HttpRequest, link: Link, **facts: object) -> None:
    """Remember FACTS of this link; of the many that one browser may open, the latest twenty."""
    links = dict(request.session.get(KEPT, {}))
    mine = {**links.pop(link.id.hex, {}), **facts}
    request.session[KEPT] = dict([*links.items(), (link.id.hex, mine)][-20:])


def _visitor(request: HttpRequest, link: Link, address: str) -> codes.Visitor:
    return codes.Visitor(link.id, address, source_of(request))


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if isinstance(user, User):
        return Actor.account(user.account.public_id, source_of(request))
    return Actor("visitor", source_of(request))


def size_in_words(octets: int) -> str:
    """Thousands of bytes, one decimal below ten: as the web client writes sizes."""
    units = (_("octets"), _("Ko"), _("Mo"), _("Go"))
    value, unit = float(octets), 0
    while value >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number_format(value, 1 if unit and value < 9.95 else 0)}\u00a0{units[unit]}"


def _show(request: HttpRequest, link: Link, refusal: str = "", status: int = 200) -> HttpResponse:
    standing, guest = opening.standing_of(link, timezone.now()), _guest(request, link)
    left = None if link.max_downloads is None else max(0, link.max_downloads - link.downloads)
    still = request.GET.get("immobile") == "1"  # its reader doesn't want it to refresh by itself
    facts = {
        "link": link,
        "standing": standing.value,
        "guest": guest,
        "left": left,
        "size": size_in_words(link.size),
        "named": not link.sensitive or bool(guest.address) or guest.owner,
        "sender": link.account.person.full_name,
        "sender_address": link.sender or primary_address(link.account),
        "sending_academy": link.account.academy.name,
        "fetched": _kept(request, link).get("ticket"),
        "refusal": refusal,
        "minutes": codes.LIFE_SECONDS // 60,
        "still": still,
    }
    gone = standing in {Standing.EXPIRED, Standing.REVOKED, Standing.REFUSED, Standing.USED_UP}
    response = render(request, "portal/link.html", facts, status=410 if gone and status == 200 else status)
    if standing is Standing.CHECKING and not still:
        response.headers["Refresh"] = "10"
    return response
