"""A new academy as it was typed: the directory's and the policies' own rules say what can't be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.drafting import TOML, contradicted, of_text, text_of
from casier.console.forms import Form, form_of
from casier.directory import actions
from casier.directory.actions import NewAcademy
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.kernel.errors import CasierError
from casier.policies import api as policies
from casier.policies.api import SHIPPED, Policy

NAME, SLUG, DOMAINS, HOSTS, ACCENT, START = "nom", "court", "domaines", "hotes", "couleur", "depart"
_NAMES = {"name": NAME, "slug": SLUG, "domains": DOMAINS, "hosts": HOSTS, "accent": ACCENT}
FIRST_ACCENT = "#1a5fb4"
_LIKE = "comme-"
_SEPARATORS = re.compile(r"[\s,]+")
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Start:
    """What a new academy's policy may begin as."""

    value: str
    words: str


def starts(desk: Desk) -> list[Start]:
    """The shipped sets, and what is in force elsewhere."""
    shipped = [Start(name, _("Le jeu livré « %(name)s »") % {"name": name}) for name in SHIPPED]
    others = [
        Start(f"{_LIKE}{academy.slug}", _("Comme %(name)s aujourd’hui") % {"name": academy.name})
        for academy in desk.academies(Ability.MANAGE_ACADEMIES)
    ]
    return [*shipped, *others]


def form_for(request: HttpRequest) -> Form:
    """What was typed; a reason is asked for on the page that shows what will be made."""
    form = form_of(request, NAME, SLUG, DOMAINS, HOSTS, ACCENT, START, TOML, told=False)
    form.values[SLUG] = form.values[SLUG].lower()
    if not form.values[ACCENT]:
        form.values[ACCENT] = FIRST_ACCENT
    return form


def asked_for(request: HttpRequest, desk: Desk, form: Form) -> NewAcademy | None:
    """The academy that was typed, checked as the action will; None with the reasons at the fields."""
    policy = _policy(request, desk, form)
    values: dict[str, Any] = form.values
    new = NewAcademy(
        slug=values[SLUG],
        name=values[NAME],
        accent=values[ACCENT],
        domains=_words(values[DOMAINS]),
        hosts=_words(values[HOSTS]),
        policy=policy or Policy(),
    )
    for name, fault in actions.faults(new):
        form.errors.setdefault(_NAMES[name], sentence(name, fault))
    return None if policy is None or set(form.errors) - {"motif"} else new


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _SEPARATORS.split(text.strip()) if word)[:_MOST_NAMES]


def _policy(request: HttpRequest, desk: Desk, form: Form) -> Policy | None:
    text, start = text_of(request, form), form.values[START]
    if bool(text) == bool(start):
        form.errors[START] = (
            _("Choisissez un point de départ, ou donnez un fichier : pas les deux.")
            if text
            else _("Choisissez un point de départ, ou donnez un fichier.")
        )
        return None
    policy = of_text(text, form) if text else _started(desk, form)
    if policy is None or contradicted(policy, form, named=True):
        return None
    return policy


def _started(desk: Desk, form: Form) -> Policy | None:
    start = form.values[START]
    if start in SHIPPED:
        return policies.shipped(start)
    within: list[Academy] = desk.academies(Ability.MANAGE_ACADEMIES)
    found = next((one for one in within if f"{_LIKE}{one.slug}" == start), None)
    if found is None:
        form.errors[START] = _("Choisissez un point de départ de la liste.")
        return None
    return policies.policy_for(found)


def sentence(field: str, fault: CasierError) -> str:
    """Why this can't be, in words that say what to do."""
    taken = next((str(fault.facts[key]) for key in ("slug", "domain", "host") if key in fault.facts), "")
    if fault.code == "already_there":
        if not taken:
            return _("Le même nom est écrit deux fois.")
        return _("« %(name)s » est déjà pris par une académie.") % {"name": taken}
    return {
        "slug": _(
            "Écrivez de deux à cinquante lettres minuscules sans accent, chiffres ou traits d’union ; "
            "une lettre d’abord."
        ),
        "name": _("Écrivez le nom, en 120 signes au plus."),
        "domains": _("Écrivez au moins un domaine de courrier, comme ac-limoges.fr."),
        "hosts": _("Écrivez au moins un nom de site, comme courrier.ac-limoges.fr."),
        "accent": _(
            "Écrivez une couleur comme #1a5fb4, assez sombre pour être lue sur du blanc "
            "(contraste de 4,5 au moins)."
        ),
    }[field]
