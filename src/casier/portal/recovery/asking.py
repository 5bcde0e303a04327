"""What a visitor has asked for, kept in their session while nothing is known of them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language

from casier.directory.models import Academy
from casier.identity.dispatch.api import can_call, can_text
from casier.identity.names import canonical
from casier.identity.recovery import tickets
from casier.identity.recovery.tickets import Asker, Question, Wish
from casier.policies.policy import Policy
from casier.portal.tenants import academy_of_host
from casier.portal.views.sign_in import source_of

# What a browser sends beyond this is no name.
LONGEST_NAME: Final = 254
# How long someone may take over it (seconds).
PATIENCE: Final = 1800
# How a code reaches a telephone or an address, by the word in the page's form.
ROADS: Final = {"sms": "sms", "appel": "voice", "courriel": "mail"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that was typed, and what was asked for it."""

    name: str  # sealed: it may be a NUMEN
    at: int
    wish: str = ""
    by: str = ""
    ticket: str = ""
    reference: str = ""

    @property
    def typed(self) -> str:
        return tickets.unseal(self.name)


def kept(request: HttpRequest, key: str) -> Asked | None:
    """What this visitor asked a short time ago, under KEY."""
    data = request.session.get(key)
    if not isinstance(data, dict):
        return None
    asked = Asked(**data)
    return asked if time.time() - asked.at < PATIENCE and asked.typed else None


def keep(request: HttpRequest, key: str, asked: Asked) -> None:
    """Remember ASKED under KEY."""
    request.session[key] = asdict(asked)


def named(typed: str) -> Asked:
    """Somebody typed a name; nothing is asked yet."""
    return Asked(tickets.seal(typed), int(time.time()))


def academy_for(request: HttpRequest, typed: str) -> Academy | None:
    """Whose rules are shown: those of the academy the address names, else of the host. Both are no secret."""
    domain = canonical(typed).rpartition("@")[2] if "@" in typed else ""
    found = Academy.objects.filter(domains__name=domain).first() if domain else None
    return found or academy_of_host(request)


def asker_of(request: HttpRequest, typed: str) -> Asker:
    """Who shows a proof for the name TYPED: it counts at the academy whose door or name it is."""
    return Asker(typed, academy_for(request, typed), source_of(request))


def send(request: HttpRequest, asked: Asked) -> bool:
    """Queue what was asked; False when this place asked too often."""
    asker = Asker(asked.typed, academy_of_host(request), source_of(request))
    question = Question(
        wish=Wish(asked.wish),
        name=asker.name,
        academy=asker.academy.slug if asker.academy else "",
        source=asker.source,
        language=get_language() or "fr",
        ticket=asked.ticket,
        by=asked.by,
        reference=asked.reference,
    )
    return tickets.ask(asker, question)


def roads_of_codes(policy: Policy) -> list[str]:
    """By which roads a code can go, the same for everyone: what is configured, and what the policy takes."""
    text, speech = can_text(), can_call() and "voice" in policy.second_factor.methods
    return [road for road, there in (("sms", text), ("courriel", True), ("appel", speech)) if there]
