"""The policy sets that ship ready to use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from casier.kernel.errors import CasierError
from casier.policies.checking import Contradiction, contradictions
from casier.policies.policy import Policy

# One for each system that is described; `strict` is the descriptions to the letter, in force nowhere.
ACADEMIES = ("normandie", "rouen", "nancy-metz", "amiens")
SHIPPED = (*ACADEMIES, "strict")

_PLACE = re.compile(r"at `\$([^`]*)`")


class BadPolicy(CasierError):
    """A policy that can't be put in force; `contradictions` says why, field by field."""

    code = "bad_policy"

    def __init__(self, message: str, found: list[Contradiction]) -> None:
        super().__init__(message, fields=[item.field for item in found])
        self.contradictions = found


class UnknownPolicySet(CasierError):
    """No shipped set has this name."""

    code = "unknown_policy_set"


@cache
def shipped(name: str) -> Policy:
    """The shipped set NAME. Raises UnknownPolicySet."""
    if name not in SHIPPED:
        raise UnknownPolicySet(f"No policy set is called {name!r}; there are {', '.join(SHIPPED)}.")
    return parse_toml(resources.files("casier.policies").joinpath("data", f"{name}.toml").read_bytes())


def parse_toml(text: bytes) -> Policy:
    """A policy written as TOML. Raises BadPolicy for what is misspelt, out of range or contradictory."""
    try:
        return checked(msgspec.toml.decode(text, type=Policy))
    except msgspec.DecodeError as error:
        raise _unreadable(error) from error


def build(values: Mapping[str, Any]) -> Policy:
    """A policy of plain values, section by section. Raises BadPolicy."""
    return checked(drafted(values))


def drafted(values: Mapping[str, Any]) -> Policy:
    """The same, whether or not it contradicts itself. Raises BadPolicy for what is no value of its field."""
    try:
        return msgspec.convert(values, Policy)
    except msgspec.ValidationError as error:
        raise _unreadable(error) from error


def draft_toml(text: bytes) -> Policy:
    """TEXT as a policy, whether or not it contradicts itself. Raises BadPolicy for what can’t be read."""
    try:
        return msgspec.toml.decode(text, type=Policy)
    except msgspec.DecodeError as error:
        raise _unreadable(error) from error


def _unreadable(error: msgspec.MsgspecError) -> BadPolicy:
    """What msgspec holds against it, with the field that its path names."""
    place = _PLACE.search(str(error))
    field = place[1].lstrip(".") if place else ""
    reason = str(error)
    return BadPolicy(reason, [Contradiction(field, reason, f"valeur refusée : {reason}")])


def checked(policy: Policy) -> Policy:
    """POLICY itself when it holds together. Raises BadPolicy."""
    found = contradictions(policy)
    if found:
        raise BadPolicy("; ".join(f"{item.field}: {item.reason}" for item in found), found)
    return policy
