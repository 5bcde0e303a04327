"""What can't be read as a policy: the field and the reason, in words rather than a decoder's."""

from __future__ import annotations

import re
from typing import Final

from casier.policies.checking import Contradiction

# msgspec tells the place as `$.section.field[0]`, tomllib as a line and a column.
_PLACE = re.compile(r" - at `\$([^`\[]*)[^`]*`")
_NOT_TOML = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")

# The decoder's sentence, and ours: {0} is what it names.
_SAID: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern), french, english)
    for pattern, french, english in (
        (r"Expected `int` >= (\d+)", "il faut {0} au moins", "{0} at least"),
        (r"Expected `int` <= (\d+)", "il faut {0} au plus", "{0} at most"),
        (r"Expected `str` of length <= (\d+)", "{0} signes au plus", "{0} signs at most"),
        (r"Expected `int`", "il faut un nombre entier", "a whole number is needed"),
        (r"Expected `bool`", "il faut oui ou non (true ou false)", "yes or no is needed (true or false)"),
        (r"Expected `str`", "il faut un mot, entre guillemets", "a word is needed, in quotes"),
        (r"Expected `array`", 'il faut une liste, comme ["sms"]', 'a list is needed, as ["sms"]'),
        (r"Expected `object`", "il faut une section", "a section is needed"),
        (r"Expected `date", "il faut une date, comme 2026-09-01", "a date is needed, as 2026-09-01"),
        (r"RFC3339|Invalid date", "il faut une date, comme 2026-09-01", "a date is needed, as 2026-09-01"),
        (r"Invalid enum value '?([^']*)'?", "« {0} » n’est pas admis ici", "{0!r} is not allowed here"),
        (r"unknown field `([^`]*)`", "il n’y a pas de champ « {0} »", "there is no field {0!r}"),
        (r"longer than (\d+) bytes", "plus de {0} octets", "longer than {0} bytes"),
    )
)


def unreadable(message: str) -> Contradiction:
    """What a decoder held against a text or its values, as a contradiction of one field."""
    place = _PLACE.search(message)
    field = place[1].lstrip(".") if place else ""
    plain = _PLACE.sub("", message)
    for pattern, french, english in _SAID:
        if match := pattern.search(plain):
            facts = [group[:80] for group in match.groups()]
            return Contradiction(field, english.format(*facts), french.format(*facts))
    if match := _NOT_TOML.search(plain):
        where = f" : ligne {match[1]}, colonne {match[2]}" if match[1] else ""
        line = f": line {match[1]}, column {match[2]}" if match[1] else ""
        return Contradiction(field, f"not readable as TOML{line}", f"ce n’est pas du TOML lisible{where}")
    return Contradiction(field, f"not readable: {plain[:200]}", "ce texte ne se lit pas comme une politique")
