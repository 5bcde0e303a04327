"""The declaration of accessibility, open to everyone as the law asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casier.kernel.errors import Unavailable
from casier.policies.api import policy_for
from casier.policies.policy import Accessibility
from casier.portal.accessibility.declaration import Criterion, Level, State, declaration
from casier.portal.tenants import academy_of_page

# The words that the law gives to the three levels; on each page they lead to the declaration.
LEVELS: dict[Level, tuple[str, str]] = {
    "full": ("totalement conforme", "fully compliant"),
    "partial": ("partiellement conforme", "partially compliant"),
    "none": ("non conforme", "not compliant"),
}
STATES: dict[State, tuple[str, str]] = {
    "C": ("conforme", "conform"),
    "NC": ("non conforme", "not conform"),
    "NA": ("non applicable", "not applicable"),
    "NT": ("non testé", "not tested"),
}
LOOKS = {
    "fr": ("en français", "in French"),
    "en": ("en anglais", "in English"),
    "light": ("en clair", "light"),
    "dark": ("en sombre", "dark"),
    "forced": ("aux couleurs du système", "in the colours of the system"),
}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked, what doesn't hold, whom to write to, and what one can do when nobody answers."""
    french = in_french()
    found = declaration()
    facts = {
        "french": french,
        "declared": found,
        "level": LEVELS[found.level][0 if french else 1],
        "conform": found.count("C"),
        "failing": [_told(one, french) for one in found.all() if one.state == "NC"],
        "not_conform": found.count("NC"),
        "not_applicable": found.count("NA"),
        "not_tested": found.count("NT"),
        "themes": [
            {"title": theme.french if french else theme.english, "number": theme.number,
             "criteria": [_told(one, french) for one in theme.criteria]}
            for theme in found.themes
        ],
        "looked_at": looked_at(found.checked.terms, french),
        "academys": _academys(request),
    }  # fmt: skip
    return render(request, "portal/accessibility.html", facts)


def in_french() -> bool:
    """The language of the page; anything but English is French."""
    return not (get_language() or "fr").startswith("en")


def footer() -> str:
    """What the foot of each page says."""
    french = in_french()
    level = LEVELS[declaration().level][0 if french else 1]
    return f"Accessibilité\u00a0: {level}" if french else f"Accessibility: {level}"


def looked_at(terms: tuple[str, ...], french: bool) -> str:
    """How the screens were looked at, in words, from names such as `fr-dark-390`."""
    parts = [name.split("-") for name in terms]
    there = {part for each in parts for part in each}
    names = [words[0 if french else 1] for part, words in LOOKS.items() if part in there]
    widths = sorted({int(width) for _, _, width in parts}, reverse=True)
    told = ", ".join(str(width) for width in widths)
    return ", ".join([*names, f"à {told} pixels de large" if french else f"{told} pixels wide"])


def _told(one: Criterion, french: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "gist": one.french if french else one.english,
        "state": one.state,
        "state_in_words": STATES[one.state][0 if french else 1],
        "why": one.why_french if french else one.why_english,
        "how": how(one, french),
    }


def how(one: Criterion, french: bool) -> str:
    """How it was checked, in words: what the reviewer did, or which checks and tests ran."""
    said = one.how_french if french else one.how_english
    if said or not one.evidence:
        return said
    named = ", ".join(evidence.rpartition("::")[2] for evidence in one.evidence)
    return f"Par outil\u00a0: {named}." if french else f"By tool: {named}."


def _academys(request: HttpRequest) -> Accessibility:
    """What the academy of the page adds; nothing where there is none or nobody knows."""
    try:
        academy = academy_of_page(request)
        return policy_for(academy).accessibility if academy else Accessibility()
    except Unavailable:
        return Accessibility()
