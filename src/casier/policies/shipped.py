"""The four policy sets that ship ready to use."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from casier.kernel.errors import CasierError
from casier.policies.checking import Contradiction, contradictions
from casier.policies.policy import Policy

SHIPPED = ("normandie", "rouen", "nancy-metz", "amiens")


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
        raise BadPolicy(str(error), [Contradiction("", str(error))]) from error


def checked(policy: Policy) -> Policy:
    """POLICY itself when it holds together. Raises BadPolicy."""
    found = contradictions(policy)
    if found:
        raise BadPolicy("; ".join(f"{item.field}: {item.reason}" for item in found), found)
    return policy
