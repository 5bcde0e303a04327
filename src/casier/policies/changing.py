"""A policy as text, and one policy beside another: what a person changes, and what it changes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import tomli_w

from casier.policies.checking import Contradiction
from casier.policies.policy import Policy
from casier.policies.shipped import BadPolicy, drafted


@dataclass(frozen=True, slots=True)
class Change:
    """One field, `section.field`, before and after."""

    field: str
    before: object
    after: object


def flat(policy: Policy) -> dict[str, object]:
    """Each field by its name, `section.field`, in the order in which a policy is written."""
    found: dict[str, object] = {}
    for name, value in msgspec.to_builtins(policy).items():
        if isinstance(value, dict):
            found.update({f"{name}.{key}": _plain(inner) for key, inner in value.items()})
        else:
            found[name] = _plain(value)
    return found


def changes(before: Policy, after: Policy) -> list[Change]:
    """What differs, in the order of a policy."""
    old, new = flat(before), flat(after)
    return [Change(name, old[name], value) for name, value in new.items() if old[name] != value]


def with_changes(policy: Policy, assignments: Iterable[str]) -> Policy:
    """POLICY with each `section.field=value` of ASSIGNMENTS, whether or not it contradicts itself.

    Raises BadPolicy for a field that there isn't and a value that isn't one of its field.
    """
    values: dict[str, Any] = msgspec.to_builtins(policy)
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        _assign(values, name.strip(), parse_value(text) if equals else _NOTHING)
    return drafted(values)


def parse_value(text: str) -> Any:
    """A value as TOML writes it; what isn't TOML is a word: `required` is `"required"`."""
    try:
        return tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


_NOTHING = object()


def _assign(values: dict[str, Any], name: str, value: Any) -> None:
    section, _, key = name.rpartition(".")
    place = values.get(section) if section else values
    if not isinstance(place, dict) or isinstance(place.get(key, {}), dict) or value is _NOTHING:
        raise _no_such(name)
    # One word stands for a list of one.
    listed = isinstance(place[key], list | tuple) and isinstance(value, str)
    place[key] = [word.strip() for word in value.split(",")] if listed else value


def _no_such(name: str) -> BadPolicy:
    reason = f"{name!r} is no field; write section.field=value, as in lock.attempts=5"
    french = f"« {name} » n’est pas un champ ; écrivez section.champ=valeur, comme lock.attempts=5"
    return BadPolicy(f"{name}: {reason}", [Contradiction(name, reason, french)])


def as_toml(policy: Policy) -> str:
    """The whole of POLICY as a file that `parse_toml` reads to the same policy."""
    values: Mapping[str, Any] = msgspec.to_builtins(policy, builtin_types=(), str_keys=True)
    plain = {name: value for name, value in values.items() if not isinstance(value, dict)}
    sections = {
        name: {key: inner for key, inner in value.items() if inner is not None}
        for name, value in values.items()
        if isinstance(value, dict)
    }
    if date := policy.accessibility.declared:
        sections["accessibility"]["declared"] = date
    return tomli_w.dumps({**plain, **sections})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
