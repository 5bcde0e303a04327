"""Changing one's password while signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.models import User
from casier.identity.passwords import tries
from casier.identity.passwords.api import check_password
from casier.identity.passwords.expiry import ends_at
from casier.kernel.secret import Secret
from casier.portal.passwords.showing import FIELD, page, try_to_set, typed
from casier.portal.passwords.words import in_words
from casier.portal.views.account import actor_of, person_of, signed_in

PRESENT = "actuel"


@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The page of one's password: the present one is asked for, the others' sessions end."""
    user = person_of(request)
    against: list[str] = []
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors, against = _try(request, user)
        if not errors and not against:
            messages.success(
                request, _("Votre mot de passe est changé. Vos autres navigateurs sont déconnectés.")
            )
            return redirect("/compte/mot-de-passe/")
    if against:
        errors[FIELD] = against[0]
    facts = {"errors": errors, "here": "password", "ends": ends_at(user, timezone.now())}
    return page(request, "portal/passwords/change.html", user.account, against, user=user, **facts)


def _try(request: HttpRequest, user: User) -> tuple[dict[str, str], list[str]]:
    """Change the password, or tell by field what is in the way."""
    if wrong := _wrong_present(user.account, typed(request, PRESENT)):
        return {PRESENT: wrong}, []
    here = sessions.digest_of(request.session.session_key or "")
    against = try_to_set(request, user.account, actor_of(request), "changed by the person", but=here)
    if not against:
        user.refresh_from_db()
        update_session_auth_hash(request, user)
    return {}, against


def _wrong_present(account: Account, password: str) -> str:
    """Why the present password wasn't confirmed; "" when it was."""
    if not password:
        return _("Indiquez votre mot de passe actuel.")
    if wait := tries.seconds_to_wait(account, tries.CONFIRMING):
        return _("Trop d’essais. Patientez %(delay)s avant de recommencer.") % {"delay": in_words(wait)}
    if not check_password(account, Secret(password)):
        return _("Ce n’est pas votre mot de passe actuel. Vérifiez les majuscules, puis recommencez.")
    tries.forget(account, tries.CONFIRMING)
    return ""
