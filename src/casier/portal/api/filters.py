"""Rules, absence, and where rules may send mail on to: `/api/filters`."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from casier.audit.api import Actor
from casier.directory.models import Account, MailDomain
from casier.identity.models import User
from casier.mailbox.filters import addresses
from casier.mailbox.filters.actions import BadRules, Found, rules_of, save_rules
from casier.mailbox.filters.models import RedirectAddress
from casier.mailbox.filters.rules import Rules, targets_of
from casier.policies.api import policy_for
from casier.portal.api.access import signed_in
from casier.portal.api.words import Words
from casier.portal.factors.stepping import api_refusal
from casier.portal.views.sign_in import source_of

router = Router()
MAX_BYTES = 1_000_000


class Wanted(Schema):
    """An address elsewhere."""

    address: str = Field(min_length=3, max_length=254, pattern=r"^[^\s@\"\\\\<>]+@[^\s@\"\\\\<>]+$")


class Typed(Wanted):
    """The code that was sent there."""

    code: str = Field(min_length=1, max_length=20)


def _account(request: HttpRequest) -> Account:
    return cast("User", request.user).account


def _by(request: HttpRequest) -> Actor:
    return Actor.account(_account(request).public_id, source_of(request))


@router.get("", response=dict[str, Any], auth=signed_in)
def get_rules(request: HttpRequest) -> dict[str, Any]:
    """What runs now, and what the academy allows."""
    account = _account(request)
    return {**_told(rules_of(account)), **_allowed(account)}


@router.put("", response=dict[str, Any], auth=signed_in)
def put_rules(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Keep all of it, as it was read at `state` and changed since. 428 where mail would go elsewhere."""
    if len(request.body) > MAX_BYTES:
        raise BadRules(bytes=len(request.body))
    try:
        wanted = msgspec.json.decode(request.body, type=Rules)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRules(fault=str(error)) from error
    account = _account(request)
    if _redirects_more(account, wanted) and (refusal := api_refusal(request)) is not None:
        return refusal
    return {**_told(save_rules(account, wanted, by=_by(request))), **_allowed(account)}


def _redirects_more(account: Account, wanted: Rules) -> bool:
    """Whether mail would go where it doesn't go now: what a stolen session is first used for."""
    targets = set(targets_of(wanted))
    return bool(targets) and not targets <= set(targets_of(rules_of(account).rules))


@router.post("/addresses", response={202: None}, auth=signed_in)
def post_address(request: HttpRequest, wanted: Wanted) -> Status[None]:
    """Send a code to an address elsewhere."""
    addresses.ask_code(_account(request), wanted.address, by=_by(request), now=timezone.now())
    return Status(202, None)


@router.post("/addresses/proof", response=dict[str, Any], auth=signed_in)
def post_proof(request: HttpRequest, typed: Typed) -> dict[str, Any]:
    """The code has been typed."""
    account = _account(request)
    addresses.confirm(account, typed.address, typed.code, by=_by(request), now=timezone.now())
    return _allowed(account)


@router.delete("/addresses", response=dict[str, Any], auth=signed_in)
def delete_address(request: HttpRequest, address: str) -> dict[str, Any]:
    """Send nothing on there any more."""
    account = _account(request)
    addresses.forget(account, address, by=_by(request), now=timezone.now())
    return _allowed(account)


def _told(found: Found) -> dict[str, Any]:
    rules = cast("dict[str, Any]", msgspec.to_builtins(found.rules))
    others = [
        {"name": script.name, "title": script.title, "active": script.active, "text": script.text}
        for script in found.others
    ]
    return {**rules, "script": found.text, "active": found.active, "others": others}


def _allowed(account: Account) -> dict[str, Any]:
    rules = policy_for(account.academy).rules
    domains = MailDomain.objects.filter(academy=account.academy).order_by("name")
    rows = RedirectAddress.objects.filter(account=account).order_by("address")
    return {
        "redirects": {
            "scope": rules.redirect,
            "most": rules.redirect_addresses,
            "domains": list(domains.values_list("name", flat=True)),
            "addresses": [{"address": row.address, "verified": row.verified_at is not None} for row in rows],
        }
    }


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "bad_rules": Words(
            422,
            _("Filtre incomplet"),
            _("Une règle n’a pas de condition ou d’action utilisable. Complétez-la, puis enregistrez."),
        ),
        "redirect_refused": Words(
            403,
            _("Redirection refusée"),
            _("Votre académie n’autorise pas le renvoi du courrier vers cette adresse."),
        ),
        "too_many_redirects": Words(
            403,
            _("Trop d’adresses de redirection"),
            _("Votre académie limite le nombre d’adresses vers lesquelles le courrier est renvoyé."),
        ),
        "redirect_to_nobody": Words(
            422,
            _("Adresse inconnue"),
            _("Aucune boîte ne porte cette adresse de renvoi. Vérifiez-la, puis enregistrez."),
        ),
        "rules_changed": Words(
            409,
            _("Les filtres ont changé entre-temps"),
            _("Une autre fenêtre ou une autre application les a modifiés. Relisez-les, puis recommencez."),
        ),
        "rules_too_long": Words(
            422, _("Filtres trop longs"), _("Supprimez des règles ou raccourcissez les réponses.")
        ),
        "script_refused": Words(
            422,
            _("Filtres refusés par le serveur"),
            _("Le serveur de messagerie ne comprend pas ces règles. Rien n’a été changé."),
        ),
        "wrong_code": Words(
            422,
            _("Code incorrect"),
            _("Ce code n’est pas le bon ou n’est plus valable. Demandez-en un autre."),
        ),
        "code_too_soon": Words(
            429, _("Un code vient d’être envoyé"), _("Attendez une minute avant d’en demander un autre.")
        ),
    }
