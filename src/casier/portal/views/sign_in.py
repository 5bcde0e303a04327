"""Signing in and out."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from django.contrib.auth import logout
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import Actor
from casier.directory.models import Academy, AccountState
from casier.identity import sessions, signin
from casier.identity.api import end_session
from casier.identity.entry.opening import NotNow
from casier.identity.entry.road import Entry, Proof, Purpose
from casier.identity.guard.devices import COOKIE as DEVICE_COOKIE
from casier.identity.models import User
from casier.identity.names import lacks_academy
from casier.identity.passwords.api import proof_of
from casier.kernel.secret import Secret
from casier.policies.api import Policy, policy_for
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.tenants import academy_of_host, doors

LOG = logging.getLogger("casier.portal.sign_in")
HOME = "/courrier/"
# The door itself is nowhere to go to after it.
NOT_AFTER = ("/connexion", "/deconnexion", "/activation", "/api/")
# What the browser sends beyond this is not a password of ours; hashing it would only cost time.
LONGEST_PASSWORD = 1024
# When there was no room for one more password: come back after this.
BUSY_SECONDS = 5


@dataclass(slots=True)
class Form:
    """The sign-in form as it was sent, and what is wrong with it, by field."""

    name: str = ""
    shared_computer: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    reference: str = ""
    repairs: bool = False  # whether ways back in are shown beside the refusal


def source_of(request: HttpRequest) -> str:
    """The address a request comes from. Only nginx reaches our socket, and it sets this header itself."""
    return request.headers.get("X-Real-IP", "") or request.META.get("REMOTE_ADDR", "") or "local"


def next_page(request: HttpRequest) -> str:
    """Where to go after signing in: a path of this site, never another site's."""
    wanted = request.POST.get("suite") or request.GET.get("suite") or HOME
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and not wanted.startswith(NOT_AFTER) else HOME


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """The bare address: one's mail when signed in, else the sign-in page."""
    return redirect(HOME if request.user.is_authenticated else "/connexion/")


@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page of the host's academy; where there is none, the list of academies stands beside it."""
    if request.method == "POST":
        return _try(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    return _page(request, Form(), notice=_notice(request))


def _try(request: HttpRequest) -> HttpResponse:
    academy = academy_of_host(request)
    form = Form(request.POST.get("identifiant", "").strip(), "poste_partage" in request.POST)
    password = request.POST.get("mot_de_passe", "")
    _check(form, password, academy)
    if form.errors:
        return _page(request, form, status=422)
    outcome = signin.sign_in(_shown(request, form, password, academy), time.time())
    if isinstance(outcome, signin.Welcome):
        return road.begin(request, _entry(request, outcome, form.shared_computer))
    if isinstance(outcome, signin.Suspended):
        return road.not_now(request, NotNow("suspended", reference=outcome.reference))
    return _refuse(request, form, outcome)


def _shown(request: HttpRequest, form: Form, password: str, academy: Academy | None) -> signin.Credentials:
    return signin.Credentials(
        form.name,
        Secret(password),
        academy,
        source_of(request),
        device_cookie=request.COOKIES.get(DEVICE_COOKIE, ""),
        device=device_of(request.headers.get("User-Agent", "")),
    )


def _check(form: Form, password: str, academy: Academy | None) -> None:
    if not form.name:
        form.errors["identifiant"] = _("Indiquez votre identifiant.")
    elif lacks_academy(form.name, academy):
        form.errors["identifiant"] = _(
            "Écrivez votre adresse complète, par exemple prenom.nom@ac-rouen.fr, "
            "ou choisissez votre académie."
        )
    if not password:
        form.errors["mot_de_passe"] = _("Indiquez votre mot de passe.")
    elif len(password) > LONGEST_PASSWORD:
        form.errors["mot_de_passe"] = _("Ce mot de passe est trop long.")


def _refuse(
    request: HttpRequest, form: Form, outcome: signin.Refused | signin.Delayed | signin.TryAgain
) -> HttpResponse:
    form.reference = outcome.reference
    form.refusal = _words(outcome)
    LOG.info("%s from %s (%s)", type(outcome).__name__.lower(), source_of(request), form.reference)
    if isinstance(outcome, signin.Refused):
        return _page(request, form, status=422)
    form.repairs = isinstance(outcome, signin.Delayed)
    response = _page(request, form, status=429 if form.repairs else 503)
    seconds = outcome.seconds if isinstance(outcome, signin.Delayed) else BUSY_SECONDS
    if seconds > 0:
        response.headers["Retry-After"] = str(seconds)
    return response


def _words(outcome: signin.Refused | signin.Delayed | signin.TryAgain) -> str:
    if isinstance(outcome, signin.TryAgain):
        return _(
            "Beaucoup de personnes se connectent en ce moment. Votre mot de passe n’a pas été vérifié : "
            "recommencez dans quelques secondes."
        )
    if isinstance(outcome, signin.Refused):
        return _("L’identifiant et le mot de passe ne correspondent pas. Vérifiez-les, puis recommencez.")
    if outcome.seconds < 0:
        return _(
            "Trop d’essais ont échoué. Cet identifiant ne s’ouvre plus de cette façon, sur cet appareil."
        )
    return _("Trop d’essais ont échoué. Patientez %(delay)s avant de recommencer.") % {
        "delay": _in_words(outcome.seconds)
    }


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(count)d seconde", "%(count)d secondes", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def _entry(request: HttpRequest, welcome: signin.Welcome, shared_computer: bool) -> Entry:
    """The entry of someone whose password was right. A temporary one may be how the account is activated."""
    user = welcome.user
    proof = proof_of(user)
    activates = proof is Proof.TEMPORARY_PASSWORD and user.account.state == AccountState.INVITED
    return Entry(
        account=user.account.public_id,
        purpose=Purpose.ACTIVATION if activates else Purpose.SIGN_IN,
        began=int(time.time()),
        proofs=(proof,),
        source=source_of(request),
        device=device_of(request.headers.get("User-Agent", "")),
        known_device=welcome.known_device,
        shared_computer=shared_computer,
        next_page=next_page(request),
        generation=welcome.generation,
    )


def _notice(request: HttpRequest) -> str:
    """A sentence for who comes back without a session: why it is over, where we know."""
    if request.GET.get("fin") == "deconnexion":
        return _("Vous êtes déconnecté. À bientôt.")
    if request.GET.get("fin") == "delai":
        return _(
            "Cette connexion n’est plus valable : trop de temps a passé, ou votre compte a changé "
            "entre-temps. Recommencez."
        )
    request.session.is_empty()
    ended = getattr(request.session, "ended", "") if request.COOKIES.get("__Host-casier") else ""
    return _why_ended(ended) if ended else ""


def _why_ended(ended: str) -> str:
    words = {
        "frozen": _(
            "Un second appareil s’est connecté à votre compte : votre académie n’en permet qu’un à la fois. "
            "Les deux sessions sont arrêtées pour quelques minutes. Pour continuer ici tout de suite, "
            "reconnectez-vous avec votre second facteur."
        ),
        "replaced": _(
            "Votre session s’est ouverte sur un autre appareil, et votre académie n’en permet qu’une à la "
            "fois. Si ce n’était pas vous, reconnectez-vous et changez votre mot de passe."
        ),
        "idle": _(
            "Votre session a pris fin faute d’activité. Reconnectez-vous : votre brouillon vous attend."
        ),
    }
    return words.get(ended, _("Votre session a pris fin. Reconnectez-vous : votre brouillon vous attend."))


def _page(request: HttpRequest, form: Form, *, notice: str = "", status: int = 200) -> HttpResponse:
    academy = academy_of_host(request)
    policy = policy_for(academy) if academy else None
    facts = {
        "form": form,
        "notice": notice,
        "suite": next_page(request),
        "home": HOME,
        "name_help": _name_help(policy),
        "passkeys": policy is not None
        and policy.sign_in.passkeys
        and "webauthn" in policy.second_factor.methods,
        "passkey_script": finders.find("casier/scripts/passkey.js") is not None,
    }
    if academy is None:
        facts["doors"] = doors(request)
    return render(request, "portal/sign_in.html", facts, status=status)


def _name_help(policy: Policy | None) -> str:
    """What may be typed as a name here."""
    if policy is None:
        return _("Votre adresse académique complète, par exemple prenom.nom@ac-rouen.fr")
    words = {
        "local_name": _("prenom.nom"),
        "address": _("votre adresse académique complète"),
        "numen": _("votre NUMEN (la première fois seulement)")
        if policy.sign_in.numen_first_only
        else _("votre NUMEN"),
        "arrival_code": _("le code reçu à votre arrivée"),
    }
    names = [words[name] for name in words if name in {*policy.sign_in.names, "address"}]
    if len(names) == 1:
        return names[0][:1].upper() + names[0][1:]
    return _("%(names)s ou %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out this browser. A plain link only shows the button: a picture in a mail must sign nobody out."""
    if request.method != "POST":
        return render(request, "portal/sign_out.html")
    user = request.user
    shared = request.session.get(sessions.TERMS, {}).get("shared_computer", False)
    if isinstance(user, User) and request.session.session_key:
        digest = sessions.digest_of(request.session.session_key)
        end_session(user.account, digest, Actor.account(user.account.public_id, source_of(request)))
    logout(request)
    response = redirect("/connexion/?fin=deconnexion")
    if shared:
        # Nothing stays on a shared computer; on one's own, what waits for a connection to be sent must.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
