"""The secret questions in one's account, as long as the academy has them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casier.directory.models import Account
from casier.identity.recovery import questions as secret
from casier.kernel.secret import Secret
from casier.portal.factors.stepping import freshly_proved
from casier.portal.views.account import actor_of, person_of, signed_in


@sensitive_post_parameters()
@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """Choose them, or take them back."""
    account = person_of(request).account
    if not secret.in_use(account):
        raise Http404
    if request.method != "POST":
        return _page(request, account)
    if "retirer" in request.POST:
        secret.forget_answers(account, actor_of(request), timezone.now())
        messages.success(request, _("Vos questions sont retirées."))
        return redirect("/compte/questions/")
    numbers = range(1, secret.CHOSEN + 1)
    answers = {
        request.POST.get(f"question-{number}", ""): Secret(request.POST.get(f"reponse-{number}", ""))
        for number in numbers
    }
    try:
        secret.set_answers(account, answers, actor_of(request), timezone.now())
    except secret.BadAnswers:
        return _page(
            request, account, _("Choisissez trois questions, et trois réponses de quatre lettres au moins.")
        )
    messages.success(request, _("Vos questions sont enregistrées."))
    return redirect("/compte/questions/")


def _page(request: HttpRequest, account: Account, refusal: str = "") -> HttpResponse:
    facts = {
        "here": "recovery",
        "refusal": refusal,
        "numbers": range(1, secret.CHOSEN + 1),
        "questions": list(secret.QUESTIONS.items()),
        "known": bool(secret.questions_of(account)),
    }
    return render(request, "portal/recovery/setting.html", facts, status=422 if refusal else 200)
