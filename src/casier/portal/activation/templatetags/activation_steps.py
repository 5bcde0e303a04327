"""`{% activation_steps "password" %}`: where one is, on any page of the road; nothing for who only signs
in.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from casier.identity.entry.road import Duty, Purpose
from casier.portal.activation.steps import steps_at
from casier.portal.entry.road import entry_of

register = template.Library()


@register.inclusion_tag("portal/activation/steps.html", takes_context=True)
def activation_steps(context: Context, here: str) -> dict[str, Any]:
    """The steps with HERE (a `Duty`) as the present one, when the page's visitor is activating an account."""
    found = entry_of(context["request"])
    if found is None or found[0].purpose is not Purpose.ACTIVATION:
        return {"steps": None}
    return {"steps": steps_at(found[1].academy, Duty(here))}
