"""Choosing a password on the way in, and being told as one types what stands against it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.entry.road import Duty, Entry, PasswordDue
from casier.identity.entry.standing import next_duty
from casier.identity.models import User
from casier.identity.passwords import tries
from casier.identity.passwords.api import password_due, password_verdict
from casier.identity.passwords.phrases import suggest
from casier.identity.passwords.rules import LONGEST
from casier.kernel.secret import Secret
from casier.portal.entry import road
from casier.portal.passwords.showing import FIELD, page, try_to_set, typed
from casier.portal.passwords.words import STRENGTHS, WHY, sentence_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@road.on_the_road
def due(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """The duty of setting a password, with the reason why; nothing else opens before."""
    now = timezone.now()
    if next_duty(account, entry, now) is not Duty.PASSWORD:
        # Done, or something comes before it: a temporary password alone doesn't lead past the second factor.
        return road.go_on(request)
    why = password_due(account, entry, now) or PasswordDue.FIRST
    against: list[str] = []
    if request.method == "POST":
        by = Actor.account(account.public_id, entry.source)
        against = try_to_set(request, account, by, f"due: {why}")
        if not against:
            road.keep(request, road.renewed(entry))
            return road.go_on(request)
    return page(request, "portal/passwords/due.html", account, against, why=why, sentence=WHY[why])


@sensitive_post_parameters()
@require_POST
def weigh(request: HttpRequest) -> HttpResponse:
    """What stands against a password, and how strong it is. It is neither kept nor written anywhere."""
    account = _whose(request)
    if account is None:
        return JsonResponse({"detail": _("Revenez à la page de connexion.")}, status=403)
    if wait := tries.seconds_to_wait(account, tries.WEIGHING):
        return JsonResponse({"wait": wait}, status=429)
    if "idee" in request.POST:
        return JsonResponse({"suggestion": suggest().reveal()})
    verdict = password_verdict(account, Secret(typed(request, FIELD)[: LONGEST * 2]))
    return JsonResponse(
        {
            "strength": verdict.strength,
            "word": str(STRENGTHS[verdict.strength]),
            "against": [sentence_of(fault) for fault in verdict.faults],
        }
    )


def _whose(request: HttpRequest) -> Account | None:
    """Whose password is being chosen: of who is on the road, else of who is signed in."""
    found = road.entry_of(request)
    if found is not None:
        return found[1]
    return request.user.account if isinstance(request.user, User) else None
