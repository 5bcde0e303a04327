"""The language of rules: what is read, what is refused and where, what comes back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casier.groups.reading import parse
from casier.groups.rule import (
    BadRule,
    Both,
    Condition,
    Either,
    Everyone,
    Field,
    Not,
    Rule,
    both,
    either,
    within,
)
from casier.groups.terms import BadValue, value_of
from casier.groups.wording import in_words
from casier.groups.writing import unparse

ENS = Condition(Field.FUNCTION, ("ENS",))
MONOD = Condition(Field.SCHOOL, ("0760001A",))
THIRD = Condition(Field.PRINCIPAL, ("3*",))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("fonction = ENS", ENS),
        ("FONCTION=ens", ENS),
        ("function = teachers", ENS),
        ("fonction = « enseignant »", ENS),
        ("fonction = ENS et établissement = 0760001a", Both((ENS, MONOD))),
        ("etablissement = 0760001A and function = ENS", Both((MONOD, ENS))),
        ("professeur principal de 3e*", THIRD),
        ("Professeurs principaux de 3e", THIRD),
        ('principal = "3*"', THIRD),
        ("main teachers of 3e", THIRD),
        ("professeurs principaux", Condition(Field.PRINCIPAL, ("*",))),
        ("principal = 3E", Condition(Field.PRINCIPAL, ("3E",))),
        ("classe = terminale", Condition(Field.CLASS, ("T*",))),
        ("fonction parmi (ENS, DOC, ENS)", Condition(Field.FUNCTION, ("ENS", "DOC"))),
        ("fonction ≠ ENS", Not(ENS)),
        ("tous sauf fonction = ENS", Both((Everyone(), Not(ENS)))),
        (
            "fonction = ENS sauf établissement = 0760001A ou principal = 3*",
            Either((Both((ENS, Not(MONOD))), THIRD)),
        ),
        ("non (fonction = ENS ou principal = 3*)", Not(Either((ENS, THIRD)))),
        ("fonction = ENS et (établissement = 0760001A et principal = 3*)", Both((ENS, MONOD, THIRD))),
        ("département = 1", Condition(Field.DEPARTMENT, ("01",))),
        ("ville = “Le  Havre”", Condition(Field.CITY, ("Le Havre",))),
        ("état = en\u00a0", None),
        ("état parmi (actif, « en départ »)", Condition(Field.STATE, ("active", "leaving"))),
        ("origine = Intervenants", Condition(Field.ORIGIN, ("sponsor",))),
        ("domaine = @AC-Rouen.fr", Condition(Field.DOMAIN, ("ac-rouen.fr",))),
        ("matière = mathe\u0301matiques", Condition(Field.SUBJECT, ("mathématiques",))),
    ],
)  # fmt: skip
def test_what_is_read(text: str, rule: Rule | None) -> None:
    if rule is None:
        with pytest.raises(BadRule):
            parse(text)
    else:
        assert parse(text) == rule


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", (0, 0), "Écrivez"),
        ("   ", (0, 0), "Écrivez"),
        ("fonctoin = ENS", (0, 8), "« fonction »"),
        ("fonction ENS", (9, 3), "=, ≠ ou parmi"),
        ("fonction =", (10, 0), "une valeur"),
        ("fonction = ENS et", (17, 0), "un critère"),
        ("fonction = ENS, DIR", (14, 1), "parmi (ENS, DIR)"),
        ("(fonction = ENS", (15, 0), "parenthèse fermante"),
        ("fonction = ENS)", (14, 1), "la fin"),
        ("ville = Le Havre", (11, 5), "guillemets"),
        ("ville = et", (8, 2), "guillemets"),
        ("ville = « Rouen", (8, 1), "pas fermé"),
        ("ville = «  »", (8, 4), "1 à 100"),
        ("état = mort", (7, 4), "invité, actif"),
        ("principal = 3*4", (12, 3), "à la fin"),
        ("fonction = E*", (11, 2), "étoile"),
        ("groupe = *", (9, 1), "étoile"),
        ("département = Seine", (14, 5), "76, 2A, 974"),
        ("fonction = ENS; drop table", (14, 1), "guillemets"),
        ("fonction\u202e = ENS", (8, 1), "invisible"),
        ("ville = \x00", (8, 1), "invisible"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, place: tuple[int, int], says: str) -> None:
    with pytest.raises(BadRule) as refused:
        parse(text)
    assert (refused.value.position, refused.value.length) == place
    assert says in refused.value.words("fr").replace("\u00a0", " ")
    assert refused.value.words("en") != refused.value.words("fr")


HOSTILE = [
    "(" * 2000, "(" * 999 + "tous" + ")" * 997, "non " * 499 + "tous", "tous et " * 249 + "tous sauf tous",
    "ville parmi (" + "a," * 990 + "a)", "ville = " + "a" * 1990, '"' * 2000, "«" * 2000, "é" * 2000,
    "*" * 2000,
    "fonction = ENS ou " * 110 + "tous", "x" * 1_000_000, "professeur " * 180, "fonction=" * 200,
    "".join(f"ville=a{n} ou " for n in range(61)) + "tous",
    "ville parmi (" + ",".join(f"a{n}" for n in range(201)) + ")",
    "(tous et " * 20 + "fonction = ENS ou (tous" + ")" * 21,
]  # fmt: skip


def read(text: str) -> Rule | BadRule:
    try:
        return parse.__wrapped__(text)
    except BadRule as error:
        return error


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
def test_a_hostile_rule_costs_little(text: str) -> None:
    began = time.process_time()
    rule = read(text)
    if isinstance(rule, BadRule):
        assert len(rule.words("fr")) < 300
    else:
        assert max(depth for _, depth in within(rule)) <= 12
        assert parse(unparse(rule)) == rule
    assert time.process_time() - began < 2


def _usable(field: Field, text: str) -> bool:
    try:
        return value_of(field, text) == text
    except BadValue:
        return False


TEXTS = st.one_of(
    st.sampled_from(["3*", "*", "Le Havre", "et", "principal", "rouen-centre", "3E", "d’Arc", "a,b"]),
    st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters='"«»“”*'), max_size=12),
)
SAMPLES: dict[Field, st.SearchStrategy[str]] = {
    Field.FUNCTION: st.sampled_from(["ENS", "DIR", "-", "*"]),
    Field.SCHOOL: st.one_of(st.sampled_from(["0760001A"]), TEXTS),
    Field.DEPARTMENT: st.sampled_from(["76", "2A", "974", "*"]),
    Field.STATE: st.sampled_from(["invited", "active", "suspended", "leaving"]),
    Field.ORIGIN: st.sampled_from(["sponsor", "feed", "hand"]),
    Field.DOMAIN: st.sampled_from(["ac-rouen.fr", "ac-caen.fr"]),
    Field.GROUP: st.sampled_from(["chefs", "pp-3e"]),
}
CONDITIONS = st.sampled_from(Field).flatmap(
    lambda field: st.lists(
        SAMPLES.get(field, TEXTS).filter(lambda text: _usable(field, text)),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(lambda values: Condition(field, tuple(values)))
)
RULES: st.SearchStrategy[Rule] = st.recursive(
    st.one_of(CONDITIONS, st.just(Everyone())),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: both(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: either(*parts)),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(RULES)
def test_what_is_written_down_is_read_again(rule: Rule) -> None:
    text = unparse(rule)
    if len(text) <= 2000 and max(depth for _, depth in within(rule)) <= 12:
        assert parse(text) == rule
        assert unparse(parse(text)) == text
    for language in ("fr", "en"):
        assert in_words(rule, language).endswith(".")


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.sampled_from(list("fonctietousaufp=≠()«»\"“”*,3e -\n;'\\%_\u00a0")) | st.characters(), max_size=60
    )
)
def test_nothing_but_a_refusal_comes_of_noise(text: str) -> None:
    rule = read(text)
    if isinstance(rule, BadRule):
        assert 0 <= rule.position <= len(text) * 3
    else:
        assert parse(unparse(rule)) == rule


def test_a_rule_in_words() -> None:
    rule = parse("professeurs principaux de 3e et réseau = rouen-centre sauf fonction = DIR")
    assert in_words(rule).replace("\u00a0", " ") == (
        "Les personnes qui sont professeurs principaux dans une classe qui commence par « 3 » et qui sont "
        "affectées dans le réseau « rouen-centre », le tout dans une même affectation, sauf celles dont la "
        "fonction est direction (DIR)."
    )
    assert in_words(rule, "en") == (
        "People who are main teachers of a class that begins with “3” and who are posted in the network "
        "“rouen-centre”, all in one and the same post, except those whose function is headship (DIR)."
    )
