"""« It wasn't me »: what will happen, a button, what happened and how one comes back.

A look at these pages changes nothing: programs that check the links of a mail open them all.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from casier.directory.life import ENDED
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.factors.api import usable_methods
from casier.identity.history import disowning, links
from casier.identity.history.api import refuse
from casier.identity.history.deciding import Measure, trusted
from casier.identity.history.delivering import words_of
from casier.identity.history.disowning import AlreadyDisowned, Disowned, NothingToDisown, Protected
from casier.identity.history.models import NoticeSent, SignIn
from casier.identity.history.naming import measure_words
from casier.identity.history.words import when
from casier.identity.models import User
from casier.portal.activity.listing import Line, line_of
from casier.portal.factors.stepping import freshly_proved, is_fresh, terms_of
from casier.portal.passwords.showing import page as password_page
from casier.portal.passwords.showing import try_to_set
from casier.portal.views.account import actor_of, person_of, signed_in
from casier.portal.views.sign_in import source_of

HOME = "/compte/activite/"
NEW_PASSWORD = f"{HOME}mot-de-passe/"


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a one-time link: it needs nothing but the link, and tells nothing that the mail didn't."""
    if request.method == "POST":
        try:
            done = disowning.by_link(token, source_of(request))
        except AlreadyDisowned:
            return _used(request, token)
        except NothingToDisown:
            return _unknown(request)
        return _left(request, done)
    found = links.find(token, timezone.now())
    disowned = disowning.of_notice(found.link.notice) if found else None
    if found is None or disowned is None or disowned.account.state in ENDED:
        return _unknown(request)
    if found.used:
        return _used(request, token)
    notice = found.link.notice
    facts = {
        "subject": words_of(notice, request.LANGUAGE_CODE or "fr").subject,
        "when": when(notice.at),
        "academy_name": disowned.account.academy.name,
        **_what_would_be_done(disowned, signed_in=False),
    }
    return _private(render(request, "portal/activity/link.html", facts))


def _used(request: HttpRequest, token: str) -> HttpResponse:
    found = links.find(token, timezone.now())
    at = found.link.notice.disowned_at if found else None
    return _private(render(request, "portal/activity/used.html", {"when": when(at) if at else ""}))


def _unknown(request: HttpRequest) -> HttpResponse:
    reference = refuse("disowned", account=None, academy=None, source=source_of(request))
    return _private(render(request, "portal/activity/unknown.html", {"reference": reference}, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: no search engine keeps it. (Other sites learn none of ours anyway.)"""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_sign_in(request: HttpRequest, sign_in: int) -> HttpResponse:
    """Disown a line of one's history."""
    account = person_of(request).account
    row = SignIn.objects.select_related("account__academy").filter(account=account, pk=sign_in).first()
    if row is None:
        raise Http404
    line = line_of(row, terms_of(request))
    if line.here:
        return redirect(HOME)
    return _confirm(
        request,
        disowning.of_sign_in(row),
        lambda keep: disowning.by_sign_in(account, sign_in, actor_of(request), keep),
        line=line,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_notice(request: HttpRequest, notice: uuid.UUID) -> HttpResponse:
    """Disown what a notice told."""
    account = person_of(request).account
    row = NoticeSent.objects.select_related("account__academy").filter(account=account, id=notice).first()
    disowned = disowning.of_notice(row) if row else None
    if row is None or disowned is None:
        raise Http404
    return _confirm(
        request,
        disowned,
        lambda keep: disowning.by_notice(account, notice.hex, actor_of(request), keep),
        subject=words_of(row, person_of(request).locale).subject,
        when=when(row.at),
    )


def _confirm(
    request: HttpRequest,
    disowned: Disowned,
    protect: Callable[[str], Protected],
    *,
    line: Line | None = None,
    **facts: Any,
) -> HttpResponse:
    keep = _session_that_stays(request, disowned.account)
    if request.method == "POST":
        try:
            return _after(request, protect(keep))
        except AlreadyDisowned:
            messages.info(request, _("Vous l’aviez déjà signalé : votre compte est protégé."))
            return redirect(HOME)
        except NothingToDisown:
            raise Http404 from None
    would = _what_would_be_done(disowned, signed_in=bool(keep))
    ends = Measure.END_SESSIONS in would["measures"]
    facts |= {
        "line": line,
        "leaves": ends and not keep,
        "can_confirm": ends and not keep and bool(usable_methods(disowned.account)) and not is_fresh(request),
        **would,
    }
    return render(request, "portal/activity/confirm.html", facts)


def _session_that_stays(request: HttpRequest, account: Account) -> str:
    """The digest of this session where it has just shown a second factor; "" where it ends like the others.

    Whoever has the password alone may be the very one that is disowned.
    """
    if not trusted(terms_of(request).proofs) or not usable_methods(account) or not is_fresh(request):
        return ""
    return sessions.digest_of(request.session.session_key or "")


def _what_would_be_done(disowned: Disowned, *, signed_in: bool) -> dict[str, Any]:
    measures = disowning.what_would_be_done(disowned, signed_in=signed_in)
    return {
        "measures": measures,
        "sentences": [measure_words(measure) for measure in measures],
        "closes": measures != (Measure.REPORT,),
    }


def _after(request: HttpRequest, done: Protected) -> HttpResponse:
    """Where one goes from there: to a new password, back to the list, or out."""
    if done.out:
        return _left(request, done)
    if any(step[0] == Measure.NEW_PASSWORD for step in done.done):
        user = person_of(request)
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        messages.success(
            request, _("Votre compte est protégé. Choisissez maintenant un nouveau mot de passe.")
        )
        return redirect(NEW_PASSWORD)
    messages.success(
        request,
        _("C’est signalé à l’équipe de sécurité, référence %(reference)s.")
        % {"reference": done.report.reference},
    )
    return redirect(HOME)


def _left(request: HttpRequest, done: Protected) -> HttpResponse:
    """What was done, for who is signed out now; and the way back."""
    if done.out and request.user.is_authenticated and _same_person(request, done):
        logout(request)
    names = [step[2] for step in done.done if step[2]]
    kinds = list(dict.fromkeys(step[0] for step in done.done))
    facts = {
        "sentences": [measure_words(kind) for kind in kinds],
        "names": names,
        "reference": done.report.reference,
        "alone": done.alone and not done.suspended,
        "out": done.out,
        "academy_name": done.report.academy.name,
    }
    return _private(render(request, "portal/activity/protected.html", facts))


def _same_person(request: HttpRequest, done: Protected) -> bool:
    user = request.user
    return isinstance(user, User) and user.account_id == done.report.account_id


@sensitive_post_parameters()
@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """A new password in the place of one that was shut, for who has just shown a second factor."""
    user = person_of(request)
    if user.has_usable_password() or not trusted(terms_of(request).proofs):
        return redirect("/compte/mot-de-passe/")
    against: list[str] = []
    if request.method == "POST":
        here = sessions.digest_of(request.session.session_key or "")
        against = try_to_set(request, user.account, actor_of(request), "after « it wasn’t me »", but=here)
        if not against:
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, _("Votre nouveau mot de passe est en place."))
            return redirect(HOME)
    return password_page(request, "portal/activity/new_password.html", user.account, against)
