"""The policy sets that ship ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from casier.kernel.errors import CasierError
from casier.policies.checking import Contradiction, contradictions
from casier.policies.policy import Policy
from casier.policies.unreadable import unreadable

# One for each system that is described; `strict` is the descriptions to the letter, in force nowhere.
ACADEMIES = ("normandie", "rouen", "nancy-metz", "amiens")
SHIPPED = (*ACADEMIES, "strict")

# Of a policy written out in full, with room for comments.
LONGEST_FILE = 64_000


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
    return checked(draft_toml(text))


def build(values: Mapping[str, Any]) -> Policy:
    """A policy of plain values, section by section. Raises BadPolicy."""
    return checked(drafted(values))


def drafted(values: Mapping[str, Any]) -> Policy:
    """The same, whether or not it contradicts itself. Raises BadPolicy for what is no value of its field."""
    try:
        return msgspec.convert(values, Policy)
    except msgspec.ValidationError as error:
        raise _refused(error) from error


def draft_toml(text: bytes) -> Policy:
    """TEXT as a policy, whether or not it contradicts itself. Raises BadPolicy for what can’t be read."""
    if len(text) > LONGEST_FILE:
        raise _refused(ValueError(f"longer than {LONGEST_FILE} bytes"))
    try:
        return msgspec.toml.decode(text, type=Policy)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        # Whoever pastes may paste anything: no text of theirs is more than a refusal.
        raise _refused(error) from error


def _refused(error: Exception) -> BadPolicy:
    found = unreadable(str(error))
    return BadPolicy(found.reason, [found])


def checked(policy: Policy) -> Policy:
    """POLICY itself when it holds together. Raises BadPolicy."""
    refuse(contradictions(policy))
    return policy


def refuse(found: list[Contradiction]) -> None:
    """Raises BadPolicy where anything was FOUND."""
    if found:
        raise BadPolicy("; ".join(f"{item.field}: {item.reason}" for item in found), found)
