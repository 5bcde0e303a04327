"""The policy of an academy is read once a request: a page asks each room, and each room asks the policy.

Within a request it is one policy, also while another comes into force. Outside of one (workers, commands)
nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from casier.policies.policy import Policy

_kept: ContextVar[dict[Any, Policy] | None] = ContextVar("policies", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what is read until the end of the block."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept(academy: Any) -> Policy | None:
    """The policy of the academy with this key that this request has read already."""
    policies = _kept.get()
    return policies.get(academy) if policies is not None else None


def keep(academy: Any, policy: Policy) -> Policy:
    """Remember POLICY; it is returned."""
    policies = _kept.get()
    if policies is not None:
        policies[academy] = policy
    return policy


def forget(academy: Any) -> None:
    """The academy's policy has changed in this very request."""
    policies = _kept.get()
    if policies is not None:
        policies.pop(academy, None)
