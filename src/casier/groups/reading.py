"""Reading a rule. What can't be read is told with its place and what was expected there.

The parser (LALR) neither recurses nor goes back: time and memory follow the length, which is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from casier.groups.rule import (
    DEEPEST,
    LONGEST,
    MOST_CONDITIONS,
    MOST_VALUES,
    BadRule,
    Condition,
    Everyone,
    Field,
    Not,
    Rule,
    both,
    conditions,
    either,
    within,
)
from casier.groups.terms import FIELDS, JOINTS, NAMES, BadValue, value_of
from casier.kernel.addresses import fold

_GRAMMAR = r"""
start: either
?either: both (OR both)*
?both: factor (AND factor | except)*
except: EXCEPT factor
?factor: condition
    | NOT factor -> negated
    | EVERYONE -> everyone
    | "(" either ")"
condition: FIELD "=" value -> equal
    | FIELD DIFFERENT value -> different
    | FIELD IN "(" value ("," value)* ")" -> among
    | MAIN_TEACHER value? -> main_teacher
value: WORD | FIELD | QUOTED
MAIN_TEACHER.3: /prof(esseur)?s?\s+princip(al|aux)(\s+(de|des)(?!\w))?|main\s+teachers?(\s+of(?!\w))?/i
WORD.1: /[\w*@][\w*.\-'’+\/&°@]*/
QUOTED.2: /"[^"«»“”\n]*"|«[^"«»“”\n]*»|“[^"«»“”\n]*”/
DIFFERENT: "≠" | "!=" | "<>"
%declare FIELD AND OR EXCEPT NOT IN EVERYONE
%ignore /[\s\u202f\u00a0]+/
"""
QUOTES = '"«»“”'
_BARE = re.compile(r"[\w*@][\w*.\-'’+/&°@]*")


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """The rule that TEXT says. Raises BadRule, with the place and what to write there."""
    _check_length(text)
    written = unicodedata.normalize("NFC", text)
    _check_signs(written)
    try:
        rule: Any = _parser().parse(written)
    except UnexpectedInput as error:
        raise _explained(error, written) from error
    except VisitError as error:
        if isinstance(error.orig_exc, BadRule):
            raise error.orig_exc from None
        raise
    _check_size(rule)
    return rule  # type: ignore[no-any-return]


def is_word(text: str) -> bool:
    """Whether TEXT can stand as a value without quotes."""
    return _BARE.fullmatch(text) is not None and fold(text) not in JOINTS


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise BadRule(
            f"A rule has {LONGEST} signs at most: make a group of a part of it.",
            f"Une règle compte {LONGEST} signes au plus : faites un groupe d’une partie.",
            position=LONGEST,
            length=len(text) - LONGEST,
        )


def _check_signs(text: str) -> None:
    for position, sign in enumerate(text):
        if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} and sign not in "\n\r\t":
            raise BadRule(
                "There is an invisible sign here: take it out.",
                "Il y a ici un signe invisible : effacez-le.",
                position=position,
                length=1,
            )
    if not text.strip():
        raise BadRule("Write whom the group is made of.", "Écrivez de qui le groupe est fait.")


def _check_size(rule: Rule) -> None:
    found = conditions(rule)
    if len(found) > MOST_CONDITIONS:
        raise BadRule(
            f"A rule has {MOST_CONDITIONS} conditions at most.",
            f"Une règle compte {MOST_CONDITIONS} conditions au plus.",
        )
    if sum(len(one.values) for one in found) > MOST_VALUES:
        raise BadRule(
            f"A rule has {MOST_VALUES} values at most.", f"Une règle compte {MOST_VALUES} valeurs au plus."
        )
    if max(depth for _one, depth in within(rule)) > DEEPEST:
        raise BadRule(
            "There are too many parentheses one in the other: make a group of a part of it.",
            "Il y a trop de parenthèses les unes dans les autres : faites un groupe d’une partie.",
        )


def _named(token: Token) -> Token:
    """A word of the language is what it is; any other is a value."""
    folded = fold(str(token))
    if folded in FIELDS:
        return Token.new_borrow_pos("FIELD", str(token), token)
    return Token.new_borrow_pos(JOINTS.get(folded, "WORD"), str(token), token)


class _Made(Transformer[Token, Rule]):
    """What the parser has found, as a rule."""

    def start(self, found: list[Any]) -> Rule:
        return found[0]  # type: ignore[no-any-return]

    def either(self, found: list[Any]) -> Rule:
        return either(*_rules(found))

    def both(self, found: list[Any]) -> Rule:
        return both(*_rules(found))

    def negated(self, found: list[Any]) -> Rule:
        return Not(found[-1])

    def everyone(self, _found: list[Any]) -> Rule:
        return Everyone()

    def equal(self, found: list[Any]) -> Rule:
        return _condition(found[0], found[1:])

    def different(self, found: list[Any]) -> Rule:
        return Not(_condition(found[0], found[2:]))

    def among(self, found: list[Any]) -> Rule:
        return _condition(found[0], found[2:])

    def main_teacher(self, found: list[Any]) -> Rule:
        if len(found) == 1:
            return Condition(Field.PRINCIPAL, ("*",))
        return _condition(Token("FIELD", "principal"), found[1:])

    def value(self, found: list[Any]) -> Token:
        return found[0]  # type: ignore[no-any-return]


# A keyword of Python: the grammar's name for it can't be a method's.
setattr(_Made, "except", lambda _self, found: Not(found[-1]))


def _rules(found: Iterable[Any]) -> list[Rule]:
    return [one for one in found if not isinstance(one, Token)]


def _condition(field: Token, written: list[Token]) -> Rule:
    named = FIELDS[fold(str(field))]
    return Condition(named, tuple(dict.fromkeys(_value(named, one) for one in written)))


def _value(field: Field, token: Token) -> str:
    text = str(token)
    if token.type == "QUOTED":
        text = text[1:-1]
    try:
        return value_of(field, text)
    except BadValue as error:
        raise BadRule(
            error.english, error.french, position=token.start_pos or 0, length=len(token)
        ) from error


@cache
def _parser() -> Lark:
    return Lark(
        _GRAMMAR,
        parser="lalr",
        lexer="basic",
        transformer=_Made(),
        lexer_callbacks={"WORD": _named},
        maybe_placeholders=False,
    )


# Telling what is wrong --------------------------------------------------------------------------------
_EXPECTED: tuple[tuple[str, str, str], ...] = (
    (
        "FIELD",
        "un critère (fonction, établissement, matière…)",
        "a criterion (fonction, matière… or function, subject…)",
    ),
    ("EQUAL", "=, ≠ ou parmi", "=, ≠ or in"),
    ("WORD", "une valeur", "a value"),
    ("COMMA", "une virgule", "a comma"),
    ("RPAR", "une parenthèse fermante", "a closing parenthesis"),
    ("LPAR", "une parenthèse ouvrante", "an opening parenthesis"),
    ("AND", "et, ou, sauf", "and, or, except"),
    ("$END", "la fin", "the end"),
)


def _explained(error: UnexpectedInput, text: str) -> BadRule:
    if isinstance(error, UnexpectedCharacters):
        return _odd_sign(error.pos_in_stream or 0, text)
    if not isinstance(error, UnexpectedToken):
        return BadRule("This can’t be read.", "Cette règle n’est pas lisible.")
    token, accepted = error.token, set(error.accepts or error.expected)
    at_end = token.type == "$END"
    position = len(text.rstrip()) if at_end else (token.start_pos or 0)
    place = {"position": position, "length": 0 if at_end else len(token)}
    wanted = _wanted(accepted)
    hint = ("", "") if at_end else _hint(token, accepted)
    french = "La règle s’arrête trop tôt." if at_end else f"« {_short(token)} » ne va pas ici."
    english = "The rule stops too early." if at_end else f"“{_short(token)}” doesn’t go here."
    return BadRule(
        " ".join(filter(None, (english, hint[1] or f"Expected: {wanted[1]}."))),
        " ".join(filter(None, (french, hint[0] or f"On attend : {wanted[0]}."))),
        **place,
    )


def _wanted(accepted: set[str]) -> tuple[str, str]:
    # Where a criterion may begin, much else may; where a value may, a criterion's name is one.
    only = {"FIELD"} if {"FIELD", "NOT"} <= accepted else accepted - {"FIELD"}
    found = [(french, english) for name, french, english in _EXPECTED if name in only]
    return " ; ".join(one for one, _ in found), "; ".join(one for _, one in found)


def _hint(token: Token, accepted: set[str]) -> tuple[str, str]:
    """What was probably meant."""
    word = fold(str(token))
    if {"FIELD", "NOT"} <= accepted and token.type == "WORD":
        near = get_close_matches(word, FIELDS, 1, 0.6)
        if near:
            name = NAMES[FIELDS[near[0]]]
            return f"Vouliez-vous dire « {name} » ?", f"Did you mean “{near[0]}”?"
    if "AND" in accepted and token.type == "COMMA":
        return "Pour plusieurs valeurs : parmi (ENS, DIR).", "For several values: in (ENS, DIR)."
    if "AND" in accepted and token.type in {"WORD", "FIELD"}:
        return (
            "Une valeur de plusieurs mots va entre guillemets ; deux critères se joignent par et, ou, sauf.",
            "A value of several words goes in quotes; two criteria are joined by and, or, except.",
        )
    if (
        "WORD" in accepted
        and token.type not in {"WORD", "QUOTED"}
        and token.type.isalpha()
        and word in JOINTS
    ):
        return (
            "On attend une valeur ; si c’en est une, mettez-la entre guillemets.",
            "A value is expected; if this is one, put it in quotes.",
        )
    return "", ""


def _odd_sign(position: int, text: str) -> BadRule:
    sign = text[position]
    if sign in QUOTES:
        return BadRule(
            "This quote isn’t closed.", "Ce guillemet n’est pas fermé.", position=position, length=1
        )
    return BadRule(
        f"“{sign}” means nothing here; put it in quotes if it is part of a value.",
        f"« {sign} » ne veut rien dire ici ; mettez-le entre guillemets s’il fait partie d’une valeur.",
        position=position,
        length=1,
    )


def _short(token: Token) -> str:
    text = str(token)
    return text if len(text) <= 40 else text[:40] + "…"
