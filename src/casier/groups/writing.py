"""Writing a rule down again: what is read from it is the same rule."""

from __future__ import annotations

from casier.groups.reading import QUOTES, is_word
from casier.groups.rule import Both, Condition, Either, Everyone, Field, Not, Rule
from casier.groups.terms import NAMES, ORIGIN_NAMES, STATE_NAMES


def unparse(rule: Rule) -> str:
    """RULE as one writes it, in French."""
    if isinstance(rule, Everyone):
        return "tous"
    if isinstance(rule, Condition):
        return _condition(rule)
    if isinstance(rule, Not):
        return f"non {_inner(rule.rule)}"
    if isinstance(rule, Either):
        return " ou ".join(_inner(part, keep=Both) for part in rule.parts)
    return _both(rule)


def _both(rule: Both) -> str:
    first, *others = rule.parts
    return _inner(first) + "".join(
        f" sauf {_inner(part.rule)}" if isinstance(part, Not) else f" et {_inner(part)}" for part in others
    )


def _inner(rule: Rule, keep: type[Both] | None = None) -> str:
    """RULE as a part of another one: what is made of several stands in parentheses."""
    text = unparse(rule)
    if isinstance(rule, Both | Either) and not (keep and isinstance(rule, keep)):
        return f"({text})"
    return text


def _condition(rule: Condition) -> str:
    named = {Field.STATE: STATE_NAMES, Field.ORIGIN: ORIGIN_NAMES}.get(rule.field)
    values = [quoted(named[one] if named else one) for one in rule.values]
    name = NAMES[rule.field]
    return f"{name} = {values[0]}" if len(values) == 1 else f"{name} parmi ({', '.join(values)})"


def quoted(text: str) -> str:
    """A value, in quotes where it has to be."""
    if is_word(text):
        return text
    if set(text) & set(QUOTES):
        raise ValueError("no rule that was read holds such a value")
    return f"« {text} »"
