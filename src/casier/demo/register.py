"""What the academies of the demonstration have written into their register of processing."""

from __future__ import annotations

from datetime import datetime
from string import Template

from casier.audit.api import Actor
from casier.demo import data, french
from casier.demo.cast import Cast
from casier.directory.access import academy_named
from casier.privacy import registering

# Nobody of the demonstration sits at the server: whoever set it up did.
BY = Actor.operator("demo")


def complete_registers(players: Cast, now: datetime) -> None:
    """Have each academy's, once: what somebody wrote there since stays."""
    written = data.toml("register.toml")
    for one in players.academies:
        academy = academy_named(one.slug)
        if registering.versions_of(academy):
            continue
        facts = {**written["academy"][one.slug], "domain": one.domains[0]}
        for version in written["version"]:
            values = {
                name: french.typographic(Template(text).substitute(facts))
                for name, text in version["values"].items()
            }
            registering.change(academy, values, by=BY, reason=version["reason"], now=now)
