"""Application passwords: which there are and what used them, a new one, ending one; programs that wait."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.directory.models import Academy, Account
from casier.identity.app_passwords import programs
from casier.identity.app_passwords.actions import (
    AppPasswordsOff,
    NewAppPassword,
    NoSuchAppPassword,
    TooManyAppPasswords,
    create_app_password,
    live_app_passwords,
    revoke_app_password,
)
from casier.identity.app_passwords.generating import Protocol
from casier.identity.app_passwords.programs import LastUse
from casier.identity.history.places import place_of
from casier.identity.models import AppPassword, MailProgram
from casier.policies.api import policy_for
from casier.portal.factors.stepping import freshly_proved
from casier.portal.passwords.mobile import qr_for_thunderbird
from casier.portal.views.account import actor_of, person_of, signed_in
from casier.portal.views.autoconfig import mail_host, mail_ports

LIST: Final = "/compte/mots-de-passe/"
LONGEST_NAME: Final = 80
# What most devices are for; the last one is for programs that few have.
USUAL: Final = (Protocol.IMAP, Protocol.SMTP, Protocol.DAV)


@dataclass(frozen=True, slots=True)
class Shown:
    """An application password as its owner sees it."""

    row: AppPassword
    uses: list[str]
    last: str  # the last use, in a sentence


@signed_in
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The list: what each is for and when it was used last; first of all, what waits for a word."""
    account = person_of(request).account
    rows = list(live_app_passwords(account))
    used = programs.last_uses(rows) if rows else {}
    policy = policy_for(account.academy).app_passwords
    facts = {
        "here": "passwords",
        "rows": [Shown(row, _short(row), _last(used.get(row.id), account.academy)) for row in rows],
        "waiting": [_waiting(program, account.academy) for program in programs.waiting_programs(account)],
        "allowed": policy.allowed,
        "full": len(rows) >= policy.most,
        "most": policy.most,
        "idle_days": policy.idle_days,
    }
    return render(request, "portal/passwords/devices.html", facts)


def _words() -> dict[str, str]:
    return {
        Protocol.IMAP: _("Lire le courrier (IMAP)"),
        Protocol.SMTP: _("Envoyer du courrier (SMTP)"),
        Protocol.DAV: _("Agenda et contacts (CalDAV, CardDAV)"),
        Protocol.JMAP: _("Applications JMAP"),
    }


def _short(row: AppPassword) -> list[str]:
    words = {
        Protocol.IMAP: _("Lecture"),
        Protocol.SMTP: _("Envoi"),
        Protocol.DAV: _("Agenda et contacts"),
        Protocol.JMAP: "JMAP",
    }
    return [word for protocol, word in words.items() if protocol in row.protocols]


def _last(use: LastUse | None, academy: Academy) -> str:
    """The last use in a sentence."""
    if use is None:
        return _("Jamais utilisé")
    at = dateformat.format(timezone.localtime(use.at), _("l j F, G \\h i"))
    facts = {"at": at, "what": _what(use.protocol, use.program), "where": _where(use.address, academy)}
    return _("Dernière utilisation le %(at)s : %(what)s, %(where)s") % facts


def _what(protocol: str, program: str) -> str:
    words = {
        "imap": _("lecture du courrier"),
        "smtp": _("envoi de courrier"),
        "dav": _("agenda ou contacts"),
        "jmap": _("application JMAP"),
    }
    what = words.get(protocol, protocol)
    return _("%(what)s par %(program)s") % {"what": what, "program": program} if program else what


def _where(address: str, academy: Academy) -> str:
    place = place_of(address, academy)
    if place.own_network:
        return _("depuis le réseau de l’académie")
    town = ", ".join(part for part in (place.city, place.country) if part)
    if town:
        return _("depuis %(town)s (%(address)s)") % {"town": town, "address": address}
    return _("depuis l’adresse %(address)s") % {"address": address}


def _waiting(program: MailProgram, academy: Academy) -> dict[str, Any]:
    return {
        "id": program.id,
        "name": program.app_password.name,
        "what": _what(program.protocol, program.program),
        "where": _where(program.address, academy),
        "at": dateformat.format(timezone.localtime(program.seen_at), _("l j F, G \\h i")),
    }


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new one: asked for by name and use, shown once in the answer."""
    if request.method == "POST":
        return _create(request)
    return _form(request, "", list(USUAL), {})


def _form(
    request: HttpRequest, name: str, chosen: list[Protocol], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    facts = {"here": "passwords", "name": name, "chosen": chosen, "errors": errors, "uses": _words().items()}
    return render(request, "portal/passwords/new_device.html", facts, status=status)


def _create(request: HttpRequest) -> HttpResponse:
    typed = "".join(sign for sign in request.POST.get("nom", "") if sign.isprintable() or sign.isspace())
    name = " ".join(typed.split())[:LONGEST_NAME]
    chosen = [protocol for protocol in Protocol if protocol in request.POST.getlist("protocole")]
    errors: dict[str, str] = {}
    if not name:
        errors["nom"] = _("Donnez un nom à cet appareil, par exemple « Téléphone ».")
    if not chosen:
        errors["protocole"] = _("Choisissez au moins un usage.")
    if errors:
        return _form(request, name, chosen, errors, 422)
    try:
        made = create_app_password(person_of(request).account, name, actor_of(request), chosen)
    except TooManyAppPasswords as error:
        errors["nom"] = _("Vous avez déjà %(most)s appareils : retirez-en un d’abord.") % error.facts
        return _form(request, name, chosen, errors, 422)
    except AppPasswordsOff:
        return redirect(LIST)
    return _made(request, made)


def _made(request: HttpRequest, made: NewAppPassword) -> HttpResponse:
    """The one page that shows the password; going back or loading it again shows it no more."""
    account = person_of(request).account
    address = account.addresses.filter(is_primary=True).first()
    ports = mail_ports()
    host = mail_host(request, account.academy)
    facts: dict[str, Any] = {
        "here": "passwords",
        "made": made.row,
        "password": made.password.reveal(),
        "address": address.address if address else "",
        "host": host,
        "web": f"{request.scheme}://{request.get_host()}/dav/",
        "mail": Protocol.IMAP in made.row.protocols or Protocol.SMTP in made.row.protocols,
        "dav": Protocol.DAV in made.row.protocols,
        **ports,
    }
    if {Protocol.IMAP, Protocol.SMTP} <= set(made.row.protocols):
        facts["qr"] = qr_for_thunderbird(account, facts["address"], host, ports, made)
    return render(request, "portal/passwords/made.html", facts)


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, app_password_id: uuid.UUID) -> HttpResponse:
    """Ask, then end an application password."""
    account = person_of(request).account
    row = live_app_passwords(account).filter(id=app_password_id).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return render(request, "portal/passwords/revoke.html", {"here": "passwords", "row": row})
    try:
        revoke_app_password(account, str(app_password_id), actor_of(request), "asked by the person")
    except NoSuchAppPassword:
        raise Http404 from None
    messages.success(request, _("Le mot de passe « %(name)s » ne fonctionne plus.") % {"name": row.name})
    return redirect(LIST)


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    """Say of a program that waits whether it is one's own."""
    if request.method == "POST":
        _decide(request, person_of(request).account, program_id)
    return redirect(LIST)


def _decide(request: HttpRequest, account: Account, program_id: uuid.UUID) -> None:
    approve = request.POST.get("reponse") == "oui"
    try:
        program = programs.decide(account, program_id, actor_of(request), timezone.now(), approve=approve)
    except NoSuchAppPassword:
        messages.success(request, _("Ce logiciel n’attend plus."))
        return
    name = {"name": program.app_password.name}
    told = (
        _("« %(name)s » : le logiciel est accepté. Relancez-le s’il tarde à se connecter.")
        if approve
        else _("« %(name)s » : le logiciel est refusé. Si ce n’était pas vous, retirez aussi l’appareil.")
    )
    messages.success(request, told % name)
