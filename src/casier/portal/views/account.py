"""The account's pages: who, signed in where, settings for mail programs."""

from __future__ import annotations

import time
import uuid
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casier.audit.api import Actor
from casier.directory.models import Academy, Address
from casier.identity import sessions
from casier.identity.api import end_session, end_sessions
from casier.identity.history.api import place_of
from casier.identity.history.words import where
from casier.identity.models import Theme, User
from casier.life.showing import way_of
from casier.portal.remembered import remember_language, remember_theme
from casier.portal.selfcare.overview import agreements, parts
from casier.portal.views.autoconfig import mail_host, mail_ports
from casier.portal.views.sign_in import source_of

# Who isn't signed in does so first, and comes back.
signed_in = login_required(redirect_field_name="suite", login_url="/connexion/")


def person_of(request: HttpRequest) -> User:
    """The person signed in; `signed_in` has made sure that there is one."""
    return cast("User", request.user)


def actor_of(request: HttpRequest) -> Actor:
    """The person signed in, as the journal names them."""
    return Actor.account(person_of(request).account.public_id, source_of(request))


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who one is here, where one is signed in, and the way to everything else."""
    account = person_of(request).account
    addresses = account.addresses.filter(retired_at__isnull=True).order_by("-is_primary", "address")
    facts = {
        "parts": list(parts(person_of(request))),
        "account": account,
        "way": way_of(account, timezone.now()),
        "addresses": addresses,
        "sessions": _sessions(request),
        "agreements": agreements(account),
        "shared": _shared(account.pk),
        "themes": Theme.values,
    }
    return render(request, "portal/account.html", facts)


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    mine = sessions.digest_of(request.session.session_key or "")
    live = sessions.live_sessions(person_of(request).account.public_id, int(time.time()))
    return [
        {
            "digest": session.digest,
            "terms": session.terms,
            "where": _where(session.terms.source, person_of(request).account.academy),
            "created": _moment(session.terms.created),
            "seen": _moment(session.seen),
            "is_this": session.digest == mine,
        }
        for session in live
    ]


def _where(source: str, academy: Academy) -> str:
    """The place of a session, then its address: « France (adresse 192.0.2.7) »."""
    return where(place_of(source, academy), source) if source else ""


def _moment(seconds: int) -> str:
    """A day and an hour in words: « mardi 24 novembre, 14 h 05 »."""
    local = datetime.fromtimestamp(seconds, timezone.get_current_timezone())
    return dateformat.format(local, _("l j F, G \\h i"))


def _shared(account_id: uuid.UUID) -> list[Address]:
    """The main addresses of the functional mailboxes that the account opens."""
    found = Address.objects.filter(
        mailbox__memberships__account=account_id, mailbox__is_closed=False, is_primary=True
    )
    return list(found.select_related("mailbox").order_by("address"))


@signed_in
@require_POST
def end_one(request: HttpRequest, digest: str) -> HttpResponse:
    """Sign out one of one's own browsers."""
    if end_session(person_of(request).account, digest, actor_of(request)):
        messages.success(request, _("Cette session est fermée."))
    return redirect("/compte/")


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    here = sessions.digest_of(request.session.session_key or "")
    end_sessions(person_of(request).account, "asked by the person", actor_of(request), but=here)
    messages.success(request, _("Vous n’êtes plus connecté que sur cet appareil."))
    return redirect("/compte/")


@signed_in
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and theme, kept with the account."""
    user = person_of(request)
    if request.POST.get("theme") in Theme.values:
        user.theme = request.POST["theme"]
    response = redirect("/compte/")
    user.locale = remember_language(response, request.POST.get("langue", ""), user.locale)
    remember_theme(response, user.theme)
    user.save(update_fields=["locale", "theme"])
    return response


@signed_in
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """The exact settings for Thunderbird, a telephone, an agenda."""
    account = person_of(request).account
    address = account.addresses.filter(is_primary=True).first()
    facts = {
        "here": "programs",
        "address": address,
        "host": mail_host(request, account.academy),
        **mail_ports(),
    }
    facts["web"] = f"{request.scheme}://{request.get_host()}"
    return render(request, "portal/programs.html", facts)
