"""Whether a run would put out more people than a feed usually does. Pure."""

from __future__ import annotations

from dataclasses import dataclass

# So few may leave whatever the share: three of twenty in a small service are a summer, not an accident.
ALWAYS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may leave in one run, people and schools alike, and which share of all."""

    most: int
    percent: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a run comes to: people and schools that go, of how many."""

    people: int
    of_people: int
    schools: int = 0
    of_schools: int = 0


def exceeded(leaving: Leaving, limits: Limits, allowed: int | None) -> dict[str, int | str] | None:
    """Why the run stops: code and facts; None where it goes on. ALLOWED: how many somebody said are right."""
    for code, count, of in (
        ("too_many_leave", leaving.people, leaving.of_people),
        ("too_many_schools", leaving.schools, leaving.of_schools),
    ):
        if allowed is not None and count <= allowed:
            continue
        if count > limits.most or (count > ALWAYS and count * 100 > limits.percent * of):
            return {"code": code, "count": count, "of": of, "most": limits.most, "percent": limits.percent}
    return None
