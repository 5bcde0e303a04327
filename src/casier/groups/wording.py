"""A rule told as a sentence, in French or in English."""

from __future__ import annotations

from collections.abc import Callable

from casier.groups.rule import STAR, Both, Condition, Either, Everyone, Field, Not, Rule, of_postings
from casier.groups.terms import FUNCTION_WORDS

_STATES = {
    "invited": ("n’a pas encore été ouvert", "hasn’t been opened yet"),
    "active": ("est actif", "is active"),
    "suspended": ("est suspendu", "is suspended"),
    "leaving": ("est celui d’une personne qui part", "is that of someone who is leaving"),
}

_ORIGINS = {
    "sponsor": ("sont des intervenants extérieurs", "are outside contributors"),
    "feed": ("ont une affectation venue de l’import", "have a post that came by the feed"),
    "hand": ("ont une affectation saisie à la main", "have a post given by hand"),
}


def in_words(rule: Rule, language: str = "fr") -> str:
    """RULE as a sentence: "Les personnes qui …"."""
    return (_ENGLISH if language.startswith("en") else _FRENCH).sentence(rule)


class _Voice:
    """A language."""

    def __init__(self, condition: Callable[[Condition], str], words: dict[str, str]) -> None:
        self._condition = condition
        self._w = words

    def sentence(self, rule: Rule) -> str:
        w = self._w
        if isinstance(rule, Everyone):
            return f"{w['everyone']}."
        if isinstance(rule, Not):
            return f"{w['everyone']}, {w['except']} {self._which(rule.rule)}."
        if isinstance(rule, Either):
            return f"{w['people']} {self._joined(rule)}."
        kept, left_out = _split(rule)
        if not kept:
            return f"{w['everyone']}{self._left(left_out)}."
        many = w["joint"] if sum(of_postings(part) for part in kept) > 1 else ""
        inner = f" {w['and']} ".join(self._which(part) for part in kept)
        return f"{w['people']} {inner}{many}{self._left(left_out)}."

    def _left(self, rules: list[Rule]) -> str:
        return "".join(f", {self._w['except']} {self._which(one)}" for one in rules)

    def _which(self, rule: Rule) -> str:
        w = self._w
        if isinstance(rule, Everyone):
            return w["of_academy"]
        if isinstance(rule, Condition):
            return self._condition(rule)
        if isinstance(rule, Not):
            return f"{w['not']} {self._which(rule.rule)}"
        return f"({self._joined(rule)})"

    def _joined(self, rule: Both | Either) -> str:
        joint = self._w["and"] if isinstance(rule, Both) else self._w["or"]
        return f" {joint} ".join(self._which(part) for part in rule.parts)


def _split(rule: Rule) -> tuple[list[Rule], list[Rule]]:
    """What is asked, and what is left out."""
    parts = rule.parts if isinstance(rule, Both) else (rule,)
    kept: list[Rule] = [part for part in parts if not isinstance(part, Not)]
    left_out = [part.rule for part in parts if isinstance(part, Not)]
    return kept, left_out


def _one_of(values: list[str], joint: str) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} {joint} {values[-1]}"


def _french(one: Condition) -> str:
    any_known = STAR in one.values
    said = _one_of([_value(one.field, value, 0) for value in one.values], "ou")
    if any_known:
        return _FRENCH_ANY.get(one.field, "qui exercent une fonction")
    return _FRENCH_SAID[one.field].format(said)


def _english(one: Condition) -> str:
    any_known = STAR in one.values
    said = _one_of([_value(one.field, value, 1) for value in one.values], "or")
    if any_known:
        return _ENGLISH_ANY.get(one.field, "who hold a post")
    return _ENGLISH_SAID[one.field].format(said)


def _value(field: Field, value: str, language: int) -> str:
    if field == Field.FUNCTION and value in FUNCTION_WORDS:
        return f"{FUNCTION_WORDS[value][language]} ({value})"
    if field in {Field.STATE, Field.ORIGIN}:
        return (_STATES if field == Field.STATE else _ORIGINS)[value][language]
    beginning = value.removesuffix(STAR)
    in_quotes = (f"« {beginning} »", f"“{beginning}”")[language]
    if field in {Field.CLASS, Field.PRINCIPAL}:
        if value.endswith(STAR):
            return (f"une classe qui commence par {in_quotes}", f"a class that begins with {in_quotes}")[
                language
            ]
        return (f"la classe {value}", f"class {value}")[language]
    if value.endswith(STAR):
        return (f"« {beginning}… »", f"“{beginning}…”")[language]
    plain = field == Field.DEPARTMENT or (field == Field.SCHOOL and value[:7].isdigit())
    return value if plain else in_quotes


_FRENCH_SAID = {
    Field.FUNCTION: "dont la fonction est {}",
    Field.SCHOOL: "qui sont affectées à l’établissement {}",
    Field.CITY: "qui sont affectées dans un établissement de la ville {}",
    Field.KIND: "qui sont affectées dans un établissement de type {}",
    Field.DEPARTMENT: "qui sont affectées dans le département {}",
    Field.NETWORK: "qui sont affectées dans le réseau {}",
    Field.SUBJECT: "qui enseignent la matière {}",
    Field.CLASS: "qui interviennent dans {}",
    Field.PRINCIPAL: "qui sont professeurs principaux dans {}",
    Field.ORIGIN: "qui {}",
    Field.STATE: "dont le compte {}",
    Field.DOMAIN: "qui ont une adresse du domaine {}",
    Field.GROUP: "qui font partie du groupe {}",
}
_FRENCH_ANY = {
    Field.SUBJECT: "qui enseignent une matière",
    Field.CLASS: "qui interviennent dans une classe",
    Field.PRINCIPAL: "qui sont professeurs principaux",
    Field.NETWORK: "qui sont affectées dans un réseau",
    Field.SCHOOL: "qui sont affectées dans un établissement",
    Field.DEPARTMENT: "qui sont affectées dans un département",
    Field.CITY: "qui sont affectées dans un établissement dont la ville est connue",
    Field.KIND: "qui sont affectées dans un établissement dont le type est connu",
}
_ENGLISH_SAID = {
    Field.FUNCTION: "whose function is {}",
    Field.SCHOOL: "who are posted at the school {}",
    Field.CITY: "who are posted at a school in {}",
    Field.KIND: "who are posted at a school of the kind {}",
    Field.DEPARTMENT: "who are posted in the department {}",
    Field.NETWORK: "who are posted in the network {}",
    Field.SUBJECT: "who teach the subject {}",
    Field.CLASS: "who work with {}",
    Field.PRINCIPAL: "who are main teachers of {}",
    Field.ORIGIN: "who {}",
    Field.STATE: "whose account {}",
    Field.DOMAIN: "who have an address of the domain {}",
    Field.GROUP: "who belong to the group {}",
}
_ENGLISH_ANY = {
    Field.SUBJECT: "who teach a subject",
    Field.CLASS: "who work with a class",
    Field.PRINCIPAL: "who are main teachers",
    Field.NETWORK: "who are posted in a network",
    Field.SCHOOL: "who are posted at a school",
    Field.DEPARTMENT: "who are posted in a department",
    Field.CITY: "who are posted at a school whose town is known",
    Field.KIND: "who are posted at a school whose kind is known",
}
_FRENCH = _Voice(
    _french,
    {
        "everyone": "Toutes les personnes de l’académie",
        "of_academy": "de l’académie",
        "people": "Les personnes",
        "and": "et",
        "or": "ou",
        "not": "qui ne sont pas de celles",
        "except": "sauf celles",
        "joint": ", le tout dans une même affectation",
    },
)
_ENGLISH = _Voice(
    _english,
    {
        "everyone": "Everyone in the academy",
        "of_academy": "of the academy",
        "people": "People",
        "and": "and",
        "or": "or",
        "not": "who are not those",
        "except": "except those",
        "joint": ", all in one and the same post",
    },
)
