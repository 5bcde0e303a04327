"""What is unusual about a sign-in, and what follows: a pure function of the facts and the policy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from casier.policies.policy import Policy, UnusualSign

# Who has come in at night this often does so.
OFTEN = 3
# Two places nearer than this are one: databases of addresses are wrong by as much.
SAME_PLACE_KM = 150.0
EARTH_KM = 6371.0

Act = Literal["nothing", "notify", "lock"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is, as far as the local database knows."""

    country: str = ""  # ISO 3166; "": not known
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A sign-in that has been fully proved, beside what is usual."""

    now: float
    hour: int  # local
    known_device: bool
    has_devices: bool  # whether the person ever came in with one
    place: Place = Place()
    last_place: Place = Place()
    last_placed_at: float | None = None
    nights: int = 0  # earlier sign-ins in the hours of the night
    failures: int = 0  # just before, by whichever lane


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was unusual, and what to do about it."""

    signs: tuple[UnusualSign, ...] = ()
    act: Act = "nothing"


def judge(facts: Facts, policy: Policy) -> Judgement:
    """What the policy makes of FACTS. What isn't known is never unusual."""
    found: dict[UnusualSign, bool] = {
        "new_device": facts.has_devices and not facts.known_device,
        "country": bool(facts.place.country) and facts.place.country not in policy.unusual.countries,
        "travel": _too_fast(facts, policy.unusual.kilometres_an_hour),
        "hour": at_night(facts.hour, policy) and facts.nights < OFTEN,
        "failures": facts.failures >= policy.unusual.failures,
    }
    signs = tuple(sign for sign in policy.unusual.signs if found[sign])
    if not signs or policy.lock.on_unusual == "ignore":
        return Judgement(signs)
    grave = policy.lock.on_unusual == "lock" and bool(set(signs) & set(policy.unusual.grave))
    return Judgement(signs, "lock" if grave else "notify")


def at_night(hour: int, policy: Policy) -> bool:
    """Whether HOUR is one of the policy's night, which may go over midnight."""
    start, end = policy.unusual.night_from, policy.unusual.night_until
    return start <= hour < end if start <= end else hour >= start or hour < end


def _too_fast(facts: Facts, kilometres_an_hour: int) -> bool:
    far = distance(facts.last_place, facts.place)
    if far is None or facts.last_placed_at is None or far < SAME_PLACE_KM:
        return False
    hours = max(facts.now - facts.last_placed_at, 1.0) / 3600
    return far / hours > kilometres_an_hour


def distance(one: Place, other: Place) -> float | None:
    """Kilometres along the great circle (haversine); None when a place isn't known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    lat1, lon1, lat2, lon2 = (
        math.radians(value or 0.0) for value in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
