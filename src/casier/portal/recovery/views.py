"""« Mot de passe oublié »: a name, a way, a proof; then the road that everyone takes.

Until the proof, each page is the same for a name that somebody has and one that nobody has.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import Actor
from casier.directory.access import account_by_id
from casier.directory.models import Academy, Account
from casier.identity.entry.road import SPENT_BY, Entry, Proof, Purpose
from casier.identity.factors.api import usable_methods
from casier.identity.guard import api as guard
from casier.identity.history.api import refuse
from casier.identity.means.api import CodePurpose
from casier.identity.models import User
from casier.identity.names import find_account, lacks_academy, may_enter
from casier.identity.recovery import letter_code, links, neighbours, requests, tickets
from casier.identity.recovery import questions as secret
from casier.identity.recovery.letters import use_letter
from casier.identity.recovery.tickets import Wish
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.policies.policy import Policy
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.recovery.asking import (
    LONGEST_NAME,
    PATIENCE,
    ROADS,
    Asked,
    academy_for,
    asker_of,
    keep,
    kept,
    named,
    roads_of_codes,
    send,
)
from casier.portal.tenants import academy_of_host, doors
from casier.portal.views.sign_in import source_of

KEY: Final = "recovery"
PROVED: Final = "recovery-proved"
START: Final = "/oubli/"
LONGEST_CODE: Final = 60
# What the form calls a way, and what it is.
WISHES: Final = {
    "lien": Wish.LINK,
    "sms": Wish.CODE,
    "courriel": Wish.CODE,
    "appel": Wish.CODE,
    "lettre": Wish.LETTER,
    "assistance": Wish.DESK,
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way back as the page offers it."""

    value: str
    title: str
    help: str


def ways(policy: Policy) -> list[Way]:
    """The ways that POLICY has, the same for everyone in the academy; the help desk always comes last."""
    methods = policy.recovery.methods
    found = []
    if "backup_link" in methods:
        found.append(
            Way(
                "lien",
                _("Un lien à mon adresse de secours"),
                _("Celle que vous avez enregistrée, hors de la messagerie professionnelle."),
            )
        )
    if "temporary_code" in methods:
        found += [_CODES[one]() for one in roads_of_codes(policy)]
    if "letter" in methods:
        found.append(
            Way(
                "lettre", _("Une lettre à mon domicile"), _("Un code y est imprimé. Comptez plusieurs jours.")
            )
        )
    return [*found, Way("assistance", _("L’aide de l’assistance"), _("Quelqu’un vérifie votre identité."))]


_CODES: Final = {
    "sms": lambda: Way("sms", _("Un code par SMS"), _("Au téléphone que vous avez enregistré.")),
    "courriel": lambda: Way("courriel", _("Un code à mon adresse de secours"), _("À recopier ici.")),
    "appel": lambda: Way("appel", _("Un code par téléphone"), _("Une voix vous le dicte.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Who one is; nothing is looked up."""
    typed = request.POST.get("identifiant", "").strip()[:LONGEST_NAME]
    if request.method != "POST":
        return _name_page(request, "", {})
    errors = name_errors(request, typed)
    if errors:
        return _name_page(request, typed, errors)
    keep(request, KEY, named(typed))
    return redirect("/oubli/moyen/")


def name_errors(request: HttpRequest, typed: str) -> dict[str, str]:
    """What is wrong with the name as text."""
    if not typed:
        return {"identifiant": _("Indiquez votre identifiant.")}
    if lacks_academy(typed, academy_of_host(request)):
        return {"identifiant": _("Écrivez votre adresse académique complète, ou choisissez votre académie.")}
    return {}


def _name_page(request: HttpRequest, typed: str, errors: dict[str, str]) -> HttpResponse:
    facts: dict[str, Any] = {"name": typed, "errors": errors, "steps": (1, 3)}
    if academy_of_host(request) is None:
        facts["doors"] = doors(request)
    return render(request, "portal/recovery/name.html", facts, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def way(request: HttpRequest) -> HttpResponse:
    """By which way; the question is queued, and answered to nobody here."""
    asked = kept(request, KEY)
    if asked is None:
        return redirect(START)
    policy = _policy(request, asked)
    offered = ways(policy)
    chosen = request.POST.get("moyen", "")
    if chosen not in {one.value for one in offered}:
        return _show(
            request, "way", {"ways": offered, "steps": (2, 3), "letters": "letter" in policy.recovery.methods}
        )
    return _ask(request, replace(asked, at=int(time.time())), chosen)


def _ask(request: HttpRequest, asked: Asked, chosen: str) -> HttpResponse:
    wish = WISHES[chosen]
    reference = ""
    if wish is Wish.DESK:
        academy = academy_for(request, asked.typed)
        reference = requests.note_request(academy, source_of(request), timezone.now())
    asked = replace(
        asked, wish=wish.value, by=ROADS.get(chosen, ""), ticket=tickets.new_ticket(), reference=reference
    )
    keep(request, KEY, asked)
    if not send(request, asked):
        return too_many(request)
    return redirect({Wish.CODE: "/oubli/code/", Wish.DESK: "/oubli/assistance/"}.get(wish, "/oubli/envoye/"))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, for a link and for a letter; the same whether there is such an account or not."""
    asked = kept(request, KEY)
    if asked is None or asked.wish not in {Wish.LINK, Wish.LETTER}:
        return redirect(START)
    return _show(request, "sent", {"wish": asked.wish, "recovery": _policy(request, asked).recovery})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Whom to call, and the reference that the help desk opens."""
    asked = kept(request, KEY)
    if asked is None or not asked.reference:
        return redirect(START)
    academy = academy_for(request, asked.typed)
    return _show(request, "desk", {"given": asked.reference, "address": _desk_address(academy)})


def _desk_address(academy: Academy | None) -> str:
    domain = (
        academy.domains.filter(is_primary=True).values_list("name", flat=True).first() if academy else None
    )
    return f"assistance@{domain}" if domain else ""


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent, if any was."""
    asked = kept(request, KEY)
    if asked is None or asked.wish != Wish.CODE:
        return redirect(START)
    if request.method != "POST":
        return _code_page(request, asked)
    typed = request.POST.get("code", "")[:LONGEST_CODE]
    if not typed.strip():
        return _code_page(request, asked, errors={"code": _("Recopiez le code reçu.")})
    asker = asker_of(request, asked.typed)
    proved = tickets.proved_by(asked.ticket, typed, CodePurpose.RECOVERY, asker, time.time())
    if proved is None:
        why = _("Ce code n’est pas le bon, ou il n’est plus valable. Vérifiez-le, ou demandez-en un autre.")
        return _code_page(request, asked, refusal=why, reference=_refused(request, "bad_code"))
    proof = Proof.MAIL_CODE if asked.by == "mail" else Proof.PHONE_CODE
    account = account_by_id(proved.account)
    if not secret.questions_of(account):
        return come_in(request, account, (proof,), proved.reach)
    request.session.cycle_key()
    request.session.pop(KEY, None)
    request.session[PROVED] = [proved.account, proof.value, proved.reach, int(time.time())]
    return redirect("/oubli/questions/")


def _code_page(request: HttpRequest, asked: Asked, **more: Any) -> HttpResponse:
    minutes = _policy(request, asked).recovery.code_minutes
    facts = {"by": asked.by, "minutes": minutes, "steps": (3, 3), **more}
    return _show(request, "code", facts, status=422 if more else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """What an academy asks beside a code that was right: one more proof, never one instead."""
    data = request.session.get(PROVED)
    if not data or time.time() - data[3] >= PATIENCE:
        return redirect(START)
    account = account_by_id(str(data[0]))
    asked = secret.questions_of(account)
    if request.method == "POST":
        answers = {one: Secret(request.POST.get(one, "")) for one in asked}
        if secret.right(account, answers):
            request.session.pop(PROVED)
            return come_in(request, account, (Proof(data[1]), Proof.QUESTIONS), str(data[2]))
        reference = refuse("recovery", account=account, academy=account.academy, source=source_of(request))
        why = _("Une réponse au moins n’est pas la bonne. Après trois essais, il faut appeler l’assistance.")
        return _show(
            request, "questions", _to_ask(asked) | {"refusal": why, "reference": reference}, status=422
        )
    return _show(request, "questions", _to_ask(asked))


def _to_ask(asked: list[str]) -> dict[str, Any]:
    return {"questions": [(one, secret.QUESTIONS[one]) for one in asked]}


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the backup address. Looking at it does nothing: programs that read mail do that, too."""
    if request.method != "POST":
        response = _show(request, "link", {})
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    if not tickets.may_try(source_of(request)):
        return too_many(request)
    found = links.use_link(token, source_of(request), timezone.now())
    if found is None:
        return _show(request, "link_over", {"given": _refused(request, "link")}, status=410)
    return come_in(request, found.account, (Proof.LINK,), found.reach)


@sensitive_post_parameters("code", "identifiant")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """The code from a secured letter, with the name, which doesn't stand in it."""
    asked = kept(request, KEY)
    typed = request.POST.get("identifiant", "").strip()[:LONGEST_NAME]
    if request.method != "POST":
        return _letter_page(request, asked.typed if asked else "")
    errors = name_errors(request, typed)
    try:
        shown = letter_code.parse(request.POST.get("code", "")[:LONGEST_CODE])
    except letter_code.Miscopied:
        errors["code"] = _("Un signe est mal recopié : le code compte quatre groupes de quatre signes.")
    if errors:
        return _letter_page(request, typed, errors=errors)
    if not tickets.may_try(source_of(request)):
        return too_many(request)
    found = find_account(typed, academy_of_host(request))
    used = use_letter(found if found and may_enter(found) else None, shown, source_of(request))
    tickets.note_proof(asker_of(request, typed), time.time(), right=used is not None)
    if used is None:
        why = _("Ce code ne correspond pas à cet identifiant, ou il n’est plus valable.")
        return _letter_page(request, typed, refusal=why, reference=_refused(request, "bad_code"))
    if used.resets_factors:
        by = Actor.account(used.account.public_id, source_of(request))
        neighbours.drop_factors(used.account, by, "a secured letter stands for the lost second factor")
    return come_in(request, used.account, (Proof.LETTER,), "")


def _letter_page(request: HttpRequest, typed: str, **more: Any) -> HttpResponse:
    return _show(request, "letter", {"name": typed, **more}, status=422 if more else 200)


def come_in(request: HttpRequest, account: Account, proofs: tuple[Proof, ...], reach: str) -> HttpResponse:
    """Onto the road, with what was proved. Where nothing is left that could be a second factor, say so."""
    entry = Entry(
        account=account.public_id,
        purpose=Purpose.RECOVERY,
        began=int(time.time()),
        proofs=proofs,
        source=source_of(request),
        device=device_of(request.headers.get("User-Agent", "")),
        known_device=guard.known_device(request, account),
        reach=reach,
        password_before=_password_before(account),
    )
    request.session.pop(KEY, None)
    if dead_end(account, entry):
        reference = refuse("recovery", account=account, academy=account.academy, source=entry.source)
        facts = {"given": reference, "address": _desk_address(account.academy)}
        return _show(request, "dead_end", facts, status=403)
    return road.begin(request, entry)


def _password_before(account: Account) -> str:
    """When the present password was set: to the second it could be taken for one that was set on the road."""
    user = User.objects.filter(account=account).first()
    return user.password_changed_at.isoformat() if user and user.password_changed_at else ""


def dead_end(account: Account, entry: Entry) -> bool:
    """Whether all second factors are the means that has just taken the password's place (ASVS 6.4.3)."""
    spent = {factor for proof in entry.proofs for factor in SPENT_BY.get(proof, frozenset())}
    methods = set(usable_methods(account))
    left = methods - {"recovery_codes"} - ({"sms", "voice"} if spent else set())
    return bool(methods - {"recovery_codes"}) and not left and "recovery_codes" not in methods


def too_many(request: HttpRequest) -> HttpResponse:
    """This place asked too often."""
    facts = {"given": _refused(request, "too_many_codes")}
    return _show(request, "too_many", facts, status=429)


def _refused(request: HttpRequest, why: str) -> str:
    return refuse(why, account=None, academy=academy_of_host(request), source=source_of(request))


def _policy(request: HttpRequest, asked: Asked) -> Policy:
    academy = academy_for(request, asked.typed)
    return policy_for(academy) if academy else Policy()


def _show(request: HttpRequest, page: str, facts: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"portal/recovery/{page}.html", facts, status=status)
