"""« Toujours bon ? »: twice a year, on the way in."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.entry.road import Duty, Entry
from casier.identity.entry.standing import next_duty
from casier.identity.means import actions
from casier.portal.entry import road
from casier.portal.means.places import MANAGE


@road.on_the_road
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """Yes; no, and then one's account opens on the page of means; or later: asked again the next time."""
    if next_duty(account, entry, timezone.now()) is not Duty.CHECK_MEANS:
        return road.go_on(request)
    answer = request.POST.get("reponse", "")
    if answer == "oui":
        actions.confirm(account, Actor.account(account.public_id, entry.source))
    elif answer == "non":
        entry = replace(entry, next_page=MANAGE)
    elif answer != "plus-tard":
        return render(request, "portal/means/check.html", {"means": actions.verified(account)})
    road.keep(request, entry.settle(Duty.CHECK_MEANS))
    return road.go_on(request)
