"""`{% activation_steps %}`: where one is, on any page of the road; nothing for who only signs in."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from casier.identity.entry.road import Duty, Purpose
from casier.portal.activation.steps import steps_at
from casier.portal.entry.road import PAGES, entry_of

register = template.Library()


@register.inclusion_tag("portal/activation/steps.html", takes_context=True)
def activation_steps(context: Context) -> dict[str, Any]:
    """The steps, with the one that the page belongs to as the present one; none where nobody activates."""
    request = context.get("request")
    duty = _duty_of(request) if request is not None else None
    found = entry_of(request) if request is not None and duty is not None else None
    if duty is None or found is None or found[0].purpose is not Purpose.ACTIVATION:
        return {"steps": None}
    return {"steps": steps_at(found[1].academy, duty)}


def _duty_of(request: HttpRequest) -> Duty | None:
    """The duty to which the page belongs: that of the longest address that it begins with."""
    fitting = [(len(page), duty) for duty, page in PAGES.items() if request.path.startswith(page)]
    return max(fitting)[1] if fitting else None
