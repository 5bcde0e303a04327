"""What the two pages on which a password is chosen have in common."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.passwords import tries
from casier.identity.passwords.api import WeakPassword, rules_for, set_password
from casier.identity.passwords.phrases import suggest
from casier.identity.passwords.rules import LONGEST, Rules
from casier.kernel.secret import Secret
from casier.portal.passwords.words import in_words, rules_in_words, sentence_of

FIELD: Final = "nouveau"
AGAIN: Final = "encore"  # only where a browser can't show what was typed
# Much longer than what may be used: more isn't looked at.
LONGEST_TYPED: Final = 1024


def typed(request: HttpRequest, field: str) -> str:
    """What was typed, as it was: spaces count."""
    return request.POST.get(field, "")[: LONGEST_TYPED + 1]


def try_to_set(request: HttpRequest, account: Account, by: Actor, reason: str, but: str = "") -> list[str]:
    """Set what was typed as the password of ACCOUNT. What stands against it, as sentences."""
    password = typed(request, FIELD)
    if not password:
        return [_("Écrivez un mot de passe.")]
    if AGAIN in request.POST and typed(request, AGAIN) not in ("", password):
        return [_("Les deux saisies diffèrent : écrivez deux fois le même.")]
    if wait := tries.seconds_to_wait(account, tries.SETTING):
        return [_("Trop d’essais. Patientez %(delay)s avant de recommencer.") % {"delay": in_words(wait)}]
    try:
        set_password(account, Secret(password), by, reason, but=but)
    except WeakPassword as weak:
        return [sentence_of(fault) for fault in weak.faults]
    return []


def page(
    request: HttpRequest, template: str, account: Account, against: list[str], **facts: Any
) -> HttpResponse:
    """A page on which a password is chosen: its rules stand there before anything is typed."""
    rules = rules_for(account, timezone.now())
    address = account.addresses.filter(is_primary=True).first()
    facts |= {
        "account": account,
        "username": address.address if address else "",
        "rules": rules_in_words(rules),
        "password_rules": _for_managers(rules),
        "suggestion": suggest().reveal(),
        "against": against,
    }
    status = 422 if against or facts.get("errors") else 200
    return render(request, template, facts, status=status)


def _for_managers(rules: Rules) -> str:
    """The rules as password managers read them (`passwordrules`)."""
    kinds = ["required: lower, upper", "required: digit", "required: [-!?.,;:_]"][: rules.kinds]
    return "; ".join([f"minlength: {rules.minimum_length}", f"maxlength: {LONGEST}", *kinds])
