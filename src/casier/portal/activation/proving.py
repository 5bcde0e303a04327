"""The first pages: who one is, one question a screen, as the academy's policy asks.

What was typed is never shown again: not the NUMEN in its field, not the answers in an address. The page after
a refusal is the same for everybody.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.directory.models import Academy
from casier.directory.numen import BadNumen, parse_numen
from casier.identity.activation import codes, proving
from casier.identity.activation.family_names import LONGEST
from casier.identity.entry.road import Entry, Proof, Purpose
from casier.identity.history.api import refuse
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.portal.activation import answers
from casier.portal.activation.steps import WHO, steps_at
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.remembered import remember_language
from casier.portal.tenants import academy_of_host, doors
from casier.portal.views.sign_in import source_of

LOG = logging.getLogger("casier.portal.activation")
START: Final = "/activation/"
# The questions of each method, in order, and where each is asked.
QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "numen_birth_date": ("numen", "naissance", "nom"),
    "numen": ("numen",),
    "arrival_code": ("code",),
    "temporary_password": (),
}
SHOWN_AGAIN: Final = {"naissance": ("jour", "mois", "annee"), "nom": ("nom",)}
_OLDEST, _YOUNGEST = 1900, 14


@dataclass(slots=True)
class Asked:
    """A question as it stands on the page: what is wrong with the answer, or with all of them."""

    question: str
    error: str = ""
    refusal: str = ""
    reference: str = ""
    typed: dict[str, str] = field(default_factory=dict)  # by field; never the NUMEN, never a code


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first question; where a host is no academy's, the academies to choose from."""
    academy = academy_of_host(request)
    if academy is None:
        chosen = [(door.academy, door.url.replace(road.START, START)) for door in doors(request)]
        return render(request, "portal/activation/choose.html", {"doors": chosen})
    asked = QUESTIONS[policy_for(academy).activation.method]
    if not asked:
        return render(request, "portal/activation/sheet.html", {"steps": steps_at(academy, WHO)})
    return _question(request, academy, asked[0])


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, name: str) -> HttpResponse:
    """One of the questions after the first; whoever has skipped one begins with the first."""
    academy = academy_of_host(request)
    if academy is None:
        return redirect(START)
    asked = QUESTIONS[policy_for(academy).activation.method]
    before = asked[: asked.index(name)] if name in asked else ()
    if not before or any(one not in answers.so_far(request) for one in before):
        return redirect(START)
    return _question(request, academy, name)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language, from the first question on."""
    response = redirect(START)
    remember_language(response, request.POST.get("langue", ""), settings.LANGUAGE_CODE)
    return response


def _question(request: HttpRequest, academy: Academy, name: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, academy, Asked(name))
    asked = QUESTIONS[policy_for(academy).activation.method]
    answer, error = READERS[name](request)
    if error:
        typed = {part: request.POST.get(part, "")[:LONGEST] for part in SHOWN_AGAIN.get(name, ())}
        return _page(request, academy, Asked(name, error=error, typed=typed), status=422)
    given = {**(answers.so_far(request) if name != asked[0] else {}), name: answer}
    if name != asked[-1]:
        answers.keep(request, given)
        return redirect(f"{START}{asked[asked.index(name) + 1]}/")
    answers.forget(request)
    return _prove(request, academy, given)


def _prove(request: HttpRequest, academy: Academy, given: dict[str, str]) -> HttpResponse:
    shown = proving.Shown(
        academy=academy,
        source=source_of(request),
        numen=Secret(given["numen"]) if "numen" in given else None,
        birth_date=date.fromisoformat(given["naissance"]) if "naissance" in given else None,
        family_name=given.get("nom", ""),
        code=Secret(given["code"]) if "code" in given else None,
    )
    outcome = proving.prove(shown, time.time())
    if isinstance(outcome, proving.Proved):
        return road.begin(request, _entry(request, outcome))
    return _refused(request, academy, outcome)


def _entry(request: HttpRequest, outcome: proving.Proved) -> Entry:
    return Entry(
        account=outcome.account.public_id,
        purpose=Purpose.ACTIVATION,
        began=int(time.time()),
        proofs=(Proof.IDENTITY,),
        source=source_of(request),
        device=device_of(request.headers.get("User-Agent", "")),
    )


def _refused(
    request: HttpRequest, academy: Academy, outcome: proving.NotProved | proving.Later
) -> HttpResponse:
    """The first question again, with the same words for every reason."""
    asked = QUESTIONS[policy_for(academy).activation.method]
    later = isinstance(outcome, proving.Later)
    reference = refuse(
        "activation_delayed" if later else "activation",
        account=None,
        academy=academy,
        source=source_of(request),
    )
    LOG.info("%s from %s (%s)", type(outcome).__name__.lower(), source_of(request), reference)
    if isinstance(outcome, proving.Later):
        wait = _in_words(outcome.seconds)
        refusal = _("Trop d’essais ont échoué. Patientez %(delay)s avant de recommencer.") % {"delay": wait}
        page = _page(request, academy, Asked(asked[0], refusal=refusal, reference=reference), status=429)
        page.headers["Retry-After"] = str(outcome.seconds)
        return page
    refusal = _(
        "Ces informations n’ouvrent aucun compte à activer. Vérifiez-les et recommencez ; si vous avez déjà "
        "activé votre compte, connectez-vous."
    )
    return _page(request, academy, Asked(asked[0], refusal=refusal, reference=reference), status=422)


def _in_words(seconds: int) -> str:
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    if seconds < 60:
        return ngettext("%(count)d seconde", "%(count)d secondes", seconds) % {"count": seconds}
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return ngettext("%(count)d heure", "%(count)d heures", hours) % {"count": hours}


def _page(request: HttpRequest, academy: Academy, asked: Asked, *, status: int = 200) -> HttpResponse:
    questions = QUESTIONS[policy_for(academy).activation.method]
    facts = {
        "asked": asked,
        "steps": steps_at(academy, WHO),
        "number": questions.index(asked.question) + 1,
        "questions": len(questions),
        "first": asked.question == questions[0],
    }
    return render(request, "portal/activation/question.html", facts, status=status)


def _read_numen(request: HttpRequest) -> tuple[str, str]:
    typed = request.POST.get("numen", "").strip()
    if not typed:
        return "", _("Indiquez votre NUMEN.")
    try:
        return parse_numen(typed).reveal(), ""
    except BadNumen:
        return "", _(
            "Ce n’est pas un NUMEN : il compte 13 signes, deux chiffres, une lettre, sept chiffres, "
            "trois lettres."
        )


def _read_birth_date(request: HttpRequest) -> tuple[str, str]:
    typed = [request.POST.get(part, "").strip() for part in ("jour", "mois", "annee")]
    if not all(typed):
        return "", _("Indiquez le jour, le mois et l’année de votre naissance.")
    try:
        day, month, year = (int(part) for part in typed)
        born = date(year, month, day)
    except ValueError:
        return "", _("Cette date n’existe pas : écrivez-la en chiffres, par exemple 14 03 1987.")
    if not _OLDEST <= born.year <= date.today().year - _YOUNGEST:  # noqa: DTZ011 - a year, give or take
        return "", _("Vérifiez l’année : écrivez-la avec quatre chiffres, par exemple 1987.")
    return born.isoformat(), ""


def _read_name(request: HttpRequest) -> tuple[str, str]:
    typed = request.POST.get("nom", "").strip()
    if not typed:
        return "", _("Indiquez votre nom de famille.")
    if len(typed) > LONGEST:
        return "", _("Ce nom est trop long.")
    return typed, ""


def _read_code(request: HttpRequest) -> tuple[str, str]:
    typed = request.POST.get("code", "").strip()
    if not typed:
        return "", _("Indiquez le code de votre feuille d’arrivée.")
    try:
        return codes.parse(typed[:64]).reveal(), ""
    except codes.BadCode:
        return "", _(
            "Il y a une faute dans ce code. Recopiez-le signe par signe : il en compte douze, "
            "sans I, L, O, 0 ni 1."
        )


READERS: Final = {
    "numen": _read_numen,
    "naissance": _read_birth_date,
    "nom": _read_name,
    "code": _read_code,
}
