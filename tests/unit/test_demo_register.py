"""The register of the demonstration's academies is whole, and stays what somebody made of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from life_people import DAY, ME, an_academy, at

from casier.demo import cast
from casier.demo.register import complete_registers
from casier.directory.models import Academy
from casier.privacy import registering

pytestmark = pytest.mark.django_db
ALL = [one.slug for one in cast.load().academies]


@pytest.mark.parametrize("slug", ALL)
def test_each_academy_says_what_the_law_asks_for(slug: str) -> None:
    academy = an_academy()
    Academy.objects.filter(pk=academy.pk).update(slug=slug)
    academy.refresh_from_db()
    players = cast.load()
    only = replace(players, academies=(players.academy(slug),))
    complete_registers(only, at(DAY))
    register = registering.register_of(academy, "fr")
    assert register.missing == []
    assert all(register.fields.values())
    assert "$" not in "".join(register.fields.values())
    registering.change(academy, {"notes": "Relu."}, by=ME, reason="relecture", now=at(DAY))
    complete_registers(only, at(DAY))
    assert registering.register_of(academy, "fr").fields["notes"] == "Relu."
