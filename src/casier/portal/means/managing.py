"""Backup means in one's account: what there is, taking one away, saying that all is still good."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.identity.means import actions
from casier.identity.means.errors import LastMeans, NoSuchMeans
from casier.identity.means.models import Means, MeansKind
from casier.identity.models import User
from casier.policies.api import policy_for
from casier.portal.factors.stepping import freshly_proved
from casier.portal.means.places import MANAGE
from casier.portal.means.recording import telephones_offered
from casier.portal.views.account import actor_of, signed_in


@signed_in
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """What is recorded, verified or not."""
    account = cast("User", request.user).account
    mine = actions.live(account)
    known = [means for means in mine if means.verified_at is not None]
    days = policy_for(account.academy).recovery.check_days
    checked = [means.checked_at for means in known if means.checked_at is not None]
    facts = {
        "means": mine,
        "next_check": min(checked) + timedelta(days=days) if checked and days else None,
        "some_verified": bool(known),
        "more_addresses": _room(mine, MeansKind.MAIL),
        "more_telephones": telephones_offered() and _room(mine, MeansKind.TELEPHONE),
        "told_days": actions.TOLD_DAYS,
    }
    return render(request, "portal/means/manage.html", facts)


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, means_id: uuid.UUID) -> HttpResponse:
    """Ask, then take a means away."""
    account = cast("User", request.user).account
    try:
        means = actions.means_named(account, means_id.hex)
        if request.method == "POST":
            actions.remove(account, means_id.hex, actor_of(request))
            messages.success(request, _("%(means)s est retiré.") % {"means": means.hint})
            return redirect(MANAGE)
    except NoSuchMeans as error:
        raise Http404 from error
    except LastMeans:
        refusal = _(
            "C’est votre dernier moyen de secours, et votre académie en demande un. Ajoutez-en un autre "
            "avant de retirer celui-ci."
        )
        facts = {"means": means, "refusal": refusal, "told_days": actions.TOLD_DAYS}
        return render(request, "portal/means/remove.html", facts, status=409)
    return render(request, "portal/means/remove.html", {"means": means, "told_days": actions.TOLD_DAYS})


@signed_in
@require_POST
def still_good(request: HttpRequest) -> HttpResponse:
    """The person says that what is recorded is still theirs."""
    actions.confirm(cast("User", request.user).account, actor_of(request))
    messages.success(request, _("Merci. Nous vous le redemanderons plus tard."))
    return redirect(MANAGE)


def _room(mine: list[Means], kind: MeansKind) -> bool:
    verified = [means for means in mine if means.kind == kind and means.verified_at is not None]
    return len(verified) < actions.MOST
