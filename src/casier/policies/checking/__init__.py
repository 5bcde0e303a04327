"""What may not stand together in a policy, with the reason for each."""

from __future__ import annotations

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.checking.entry import ENTRY
from casier.policies.checking.networks import NETWORKS
from casier.policies.checking.people import PEOPLE
from casier.policies.checking.secrets import SECRETS
from casier.policies.checking.using import USING
from casier.policies.policy import Policy

__all__ = ["Contradiction", "contradictions"]

_CHECKS: tuple[Check, ...] = (*ENTRY, *SECRETS, *USING, *PEOPLE, *NETWORKS)


def contradictions(policy: Policy) -> list[Contradiction]:
    """Everything that doesn't hold together; an empty list means a policy that can be put in force."""
    return [found for check in _CHECKS for found in check(policy)]
