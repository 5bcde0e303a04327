"""What other apps may use: the policy in force, and putting another in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import msgspec
from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.policies.changing import Change, as_toml, changes, flat, with_changes
from casier.policies.checking import Contradiction, contradictions
from casier.policies.deviations import Deviation, deviations
from casier.policies.models import PolicyRevision
from casier.policies.policy import Policy
from casier.policies.remembering import forget, keep, kept, remembering
from casier.policies.shipped import (
    SHIPPED,
    BadPolicy,
    UnknownPolicySet,
    checked,
    draft_toml,
    drafted,
    parse_toml,
    refuse,
    shipped,
)

__all__ = [
    "SHIPPED",
    "BadPolicy",
    "Change",
    "Contradiction",
    "Deviation",
    "Policy",
    "PolicyRevision",
    "UnknownPolicySet",
    "adopt",
    "as_toml",
    "changes",
    "checked",
    "contradictions",
    "contradictions_in",
    "deviations",
    "draft_toml",
    "drafted",
    "flat",
    "parse_toml",
    "policy_for",
    "policy_of_revision",
    "remembering",
    "revisions",
    "set_like",
    "shipped",
    "with_changes",
    "within",
]


# What rooms above know of an academy that a policy may contradict: they put themselves in.
within: list[Callable[[Any, Policy], Iterable[Contradiction]]] = []


class Tenant(Protocol):
    """An academy, as far as policies know it (the directory stands above)."""

    @property
    def pk(self) -> Any: ...

    @property
    def slug(self) -> str: ...


def policy_for(academy: Tenant) -> Policy:
    """The policy in force; the defaults where none was ever adopted."""
    found = kept(academy.pk)
    if found is not None:
        return found
    revision = PolicyRevision.objects.filter(academy_id=academy.pk).order_by("-number").first()
    return keep(academy.pk, parse_values(revision.values) if revision else Policy())


def revisions(academy: Tenant) -> list[PolicyRevision]:
    """What was in force for ACADEMY, the latest first."""
    return list(PolicyRevision.objects.filter(academy_id=academy.pk).order_by("-number"))


def policy_of_revision(revision: PolicyRevision) -> Policy:
    """The policy that REVISION put in force."""
    return parse_values(revision.values)


def set_like(policy: Policy) -> str:
    """The shipped set that POLICY is; "": a mix of its own."""
    return next((name for name in SHIPPED if shipped(name) == policy), "")


def contradictions_in(academy: Tenant, policy: Policy) -> list[Contradiction]:
    """What doesn't hold together in POLICY, by itself and with what ACADEMY has."""
    return [*contradictions(policy), *(found for check in within for found in check(academy, policy))]


def adopt(academy: Tenant, policy: Policy, *, by: Actor, reason: str, now: datetime) -> PolicyRevision:
    """Put POLICY in force from now on. Raises BadPolicy when it contradicts itself, or what ACADEMY has."""
    refuse(contradictions_in(academy, policy))
    with transaction.atomic():
        last = (
            PolicyRevision.objects.select_for_update()
            .filter(academy_id=academy.pk)
            .order_by("-number")
            .first()
        )
        values = msgspec.to_builtins(policy)
        revision = PolicyRevision.objects.create(
            academy_id=academy.pk,
            number=last.number + 1 if last else 1,
            values=values,
            at=now,
            actor=by.name,
            reason=reason,
        )
        changed = differences(last.values if last else {}, values)
        record(
            by, "policy.adopted", f"academy:{academy.slug}", reason,
            academy=academy.slug, at=now, number=revision.number, changed=changed,
        )  # fmt: skip
        emit("academy.changed", academy.slug, {"policy": revision.number})
    forget(academy.pk)
    return revision


def parse_values(values: Mapping[str, Any]) -> Policy:
    """A stored policy. Fields that a later version added take their default; removed ones are ignored."""
    known = {
        name: {key: value for key, value in section.items() if key in _fields(name)}
        if isinstance(section, dict)
        else section
        for name, section in values.items()
        if name in Policy.__struct_fields__
    }
    return msgspec.convert(known, Policy)


@cache
def _fields(section: str) -> tuple[str, ...]:
    value = getattr(Policy(), section)
    return tuple(value.__struct_fields__)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the fields that differ, `section.field`, sorted."""
    old, new = _flat(before), _flat(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _flat(values: Mapping[str, Any]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{key}": _plain(inner) for key, inner in value.items()})
        else:
            flat[name] = _plain(value)
    return flat


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
