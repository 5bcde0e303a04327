"""Recording a backup address or telephone: what it is, then the code that was sent there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from casier.identity.dispatch.gateways.chosen import offers
from casier.identity.history.api import refuse
from casier.identity.means import actions
from casier.identity.means.api import (
    CodePurpose,
    NoSuchMeans,
    TooManyCodes,
    code_fate,
    reach_of,
    send_code,
    tries_left,
)
from casier.identity.means.errors import BadMeans
from casier.identity.means.models import Means
from casier.kernel.errors import Unavailable
from casier.portal.entry.places import Place
from casier.portal.means import words
from casier.portal.means.places import MANAGE, done

KEY: Final = "means"
LONGEST = 320


@dataclass(frozen=True, slots=True)
class Asked:
    """What this browser is verifying. Kept in its session."""

    means: str
    kind: str  # by which road the code went
    hint: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why no code was sent."""

    text: str
    status: int
    reference: str = ""


@sensitive_post_parameters("valeur")
@sensitive_variables("typed")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, place: Place) -> HttpResponse:
    """An address, or a telephone where the instance reaches telephones."""
    by = _by(request)
    typed = request.POST.get("valeur", "")[:LONGEST]
    if request.method != "POST":
        return _form(request, place, by)
    if not typed.strip():
        text = _("Indiquez une adresse.") if by == "adresse" else _("Indiquez un numéro.")
        return _form(request, place, by, error=text)
    try:
        value = actions.read_number(typed) if by == "telephone" else actions.read_address(typed)
        means = actions.add(place.account, value, place.by)
    except BadMeans as refused:
        return _form(request, place, by, typed=typed, error=words.why_not(refused.why))
    if means.verified_at is not None:
        text = _("Vous avez déjà enregistré ce moyen : il est vérifié.")
        return _form(request, place, by, typed=typed, error=text)
    trouble = _send(request, place, means, _road_to(means))
    if trouble:
        return _form(request, place, by, typed=typed, trouble=trouble)
    return redirect(f"{place.base}code/")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, place: Place) -> HttpResponse:
    """The code that was sent: it shows that the person reads what comes there."""
    asked = _asked(request)
    if asked is None:
        return redirect(place.base)
    if request.method != "POST":
        return _code_page(request, place, asked)
    means = actions.verify_by_code(place.account, asked.challenge, request.POST.get("code", ""), place.by)
    if means is None:
        left = tries_left(asked.challenge)
        reference = "" if left else _refused(place, "code_spent")
        return _code_page(request, place, asked, error=words.wrong_code(left), reference=reference)
    request.session.pop(KEY, None)
    if place.signed_in:
        messages.success(request, _("%(means)s est vérifié.") % {"means": means.hint})
    return done(request, place)


@require_POST
def again(request: HttpRequest, place: Place) -> HttpResponse:
    """Another code, by the same road or by voice."""
    asked = _asked(request)
    if asked is None:
        return redirect(place.base)
    try:
        means = actions.means_named(place.account, asked.means)
    except NoSuchMeans:
        return redirect(place.base)
    kind = "voice" if request.POST.get("par") == "voix" and means.speaks else asked.kind
    trouble = _send(request, place, means, kind)
    if trouble:
        return _code_page(request, place, asked, error=trouble.text, reference=trouble.reference)
    return redirect(f"{place.base}code/")


def _send(request: HttpRequest, place: Place, means: Means, kind: str) -> Trouble | None:
    """Have a code sent and remember it; what went wrong instead."""
    reach = reach_of(means, kind)
    if reach is None:
        return Trouble(words.no_answer(), 503, _refused(place, "no_gateway"))
    language = get_language() or "fr"
    try:
        challenge = send_code(
            place.account, reach, CodePurpose.VERIFY, source=place.source, language=language[:2]
        )
    except TooManyCodes as refused:
        return Trouble(words.too_many(refused.seconds), 429, _refused(place, "too_many_codes"))
    except Unavailable as error:
        if error.facts.get("part") != "telephone":
            raise
        return Trouble(words.no_answer(), 503, _refused(place, "no_gateway"))
    request.session[KEY] = asdict(Asked(means.id.hex, kind, means.hint, challenge))
    return None


def _road_to(means: Means) -> str:
    """A text message where it can be read, else a call."""
    if means.kind == "mail":
        return "mail"
    return "sms" if means.takes_text and offers("sms") else "voice"


def _by(request: HttpRequest) -> str:
    asked = request.POST.get("par") or request.GET.get("par") or ""
    return "telephone" if asked == "telephone" and telephones_offered() else "adresse"


def telephones_offered() -> bool:
    """Whether the instance reaches telephones at all."""
    return offers("sms") or offers("voice")


def _asked(request: HttpRequest) -> Asked | None:
    kept = request.session.get(KEY)
    return Asked(**kept) if kept else None


def _refused(place: Place, why: str) -> str:
    return refuse(why, account=place.account, academy=place.account.academy, source=place.source)


def _form(
    request: HttpRequest, place: Place, by: str, *, typed: str = "", error: str = "",
    trouble: Trouble | None = None,
) -> HttpResponse:  # fmt: skip
    facts: dict[str, Any] = {
        "frame": place.frame,
        "base": place.base,
        "back": MANAGE if place.signed_in else "",
        "by": by,
        "typed": typed,
        "telephones": telephones_offered(),
        "errors": {"valeur": error} if error else {},
    }
    if trouble:
        facts |= {"refusal": trouble.text, "reference": trouble.reference}
    status = trouble.status if trouble else 422 if error else 200
    return render(request, "portal/means/record.html", facts, status=status)


def _code_page(
    request: HttpRequest, place: Place, asked: Asked, *, error: str = "", reference: str = ""
) -> HttpResponse:
    facts: dict[str, Any] = {
        "frame": place.frame,
        "base": place.base,
        "back": MANAGE if place.signed_in else "",
        "asked": asked,
        "told": words.fate_told(code_fate(asked.challenge)),
        "speaks": asked.kind == "sms" and offers("voice"),
    }
    if reference:
        facts |= {"refusal": error, "reference": reference}
    elif error:
        facts["errors"] = {"code": error}
    return render(request, "portal/means/code.html", facts, status=422 if error else 200)
