"""Rules become Sieve and come back: nothing that a person types becomes anything but a string."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casier.mailbox.filters import sieve
from casier.mailbox.filters.rules import (
    Absence,
    Actions,
    Condition,
    Folder,
    Foreign,
    Included,
    Rule,
    Rules,
    StandIn,
    faults,
    targets_of,
)
from casier.mailbox.filters.script import Scripts
from casier.mailbox.filters.spellings import spellings
from casier.mailbox.filters.writing import Owner, rule_body

OWNER = Owner("Léa « Lou » D'Été", "lea@ac-un.test", ("lea@ac-un.test",), ("ac-un.test",))
SCRIPTS = Scripts(b"k" * 32)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=200)


def rule(**changes: object) -> Rule:
    values: dict[str, object] = {
        "id": "r1",
        "name": "Circulaires",
        "conditions": (Condition(field="subject", how="words", value="réunion"),),
        "actions": Actions(star=True),
    }
    return Rule(**{**values, **changes})  # type: ignore[arg-type]


def strings(text: str) -> list[str]:
    """Every string of a script, read by the grammar alone (RFC 5228 §2.4.2), `${dollar}` replaced."""
    found, at = [], 0
    while at < len(text):
        if text[at] == "#":
            at = text.index("\n", at)
        elif text[at] == '"':
            raw = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, at)
            assert raw
            found.append(re.sub(r"\\(.)", r"\1", raw[1], flags=re.DOTALL))
            at = raw.end()
        elif text.startswith("text:", at):
            end = text.index("\n.\n", at)
            lines = text[text.index("\n", at) + 1 : end].split("\n")
            found.append("\n".join(line[1:] if line.startswith("..") else line for line in lines))
            at = end + 3
        else:
            at += 1
    return [string.replace("${dollar}", "$") for string in found]


@given(LINES, LINES, TEXTS, LINES)
@example("${x}", '"; redirect "vol@x.example"; #', '.\n;\nredirect "vol@x.example";', "\\")
@example("\\", '\\"', "..\n.\n${dollar}\n#: end 00", "a*/")
@settings(max_examples=150, deadline=None)
def test_strings_come_back_unchanged(words: str, folder: str, reply: str, name: str) -> None:
    made = rule(
        name=name,
        conditions=(Condition(field="list", how="is", value=words),),
        actions=Actions(folder=Folder(id="f1", name=folder), reply=reply, redirect=("a@ac-un.test",)),
    )
    text = rule_body(made, OWNER)
    lines = reply.rstrip("\n")
    got = strings(text)
    assert words.strip() in got
    assert folder in got
    assert lines in got
    # Neither more nor less than what the rule has: nothing typed has become a command.
    assert len(got) == len(strings(rule_body(rule(
        conditions=(Condition(field="list", how="is", value="x"),),
        actions=Actions(folder=Folder(id="f1", name="x"), reply="x", redirect=("a@ac-un.test",)),
    ), OWNER)))  # fmt: skip


@given(TEXTS, LINES, LINES, TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_script_is_read_back_as_it_was_written(reply: str, name: str, value: str, inside: str) -> None:
    items = (
        rule(name=name, actions=Actions(reply=reply)),
        Foreign(text="# other\nif true { keep; }\n"),
        Included(name="phone"),
        rule(id="r2", on=False, conditions=(Condition(field="from", how="words", value=value),)),
    )
    absence = Absence(
        on=True, start=date(2026, 12, 20), end=date(2027, 7, 4), inside=inside, outside=reply,
        stand_in=StandIn(name=name, email="b@ac-un.test", pass_on=True),
    )  # fmt: skip
    text = SCRIPTS.write(items, absence, OWNER)
    parsed = SCRIPTS.read(text)
    assert (parsed.items, parsed.absence) == (items, absence)
    assert SCRIPTS.write(parsed.items, parsed.absence, OWNER, parsed.required) == text
    assert SCRIPTS.read(text.replace("\n", "\r\n")).items == items


def test_what_another_program_changed_is_theirs_and_stays() -> None:
    text = SCRIPTS.write((rule(), rule(id="r2", name="Deux")), Absence(), OWNER)
    changed = text.replace("# Circulaires\n", "# Circulaires\n# touched\n", 1) + "discard;\n"
    first, second, third = SCRIPTS.read(changed).items
    assert isinstance(first, Foreign)
    assert "# touched\nif jmapquery" in first.text
    assert second == rule(id="r2", name="Deux")
    assert third == Foreign(text="discard;\n")
    again = SCRIPTS.read(SCRIPTS.write((first, second, third), Absence(), OWNER))
    assert again.items == (first, second, third)


def test_a_part_that_says_another_thing_than_its_lines_is_not_ours() -> None:
    """Somebody writes a harmless rule into the mark, and a redirect below it."""
    text = SCRIPTS.write((rule(),), Absence(), OWNER)
    forged = text.replace('addflag "\\\\Flagged";', 'redirect "vol@x.example";')
    assert forged != text
    (found,) = SCRIPTS.read(forged).items
    assert isinstance(found, Foreign)
    assert "vol@x.example" in found.text


def test_what_others_need_is_still_required() -> None:
    script = 'require ["editheader", "fileinto"];\nrequire "regex";\n# mine\nfileinto "INBOX";\n'
    parsed = SCRIPTS.read(script)
    assert parsed.required == {"editheader", "fileinto", "regex"}
    text = SCRIPTS.write(parsed.items, Absence(), OWNER, parsed.required)
    assert 'require ["editheader", "fileinto", "regex"];' in text
    assert SCRIPTS.read(text).items == (Foreign(text='# mine\nfileinto "INBOX";\n'),)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition(field="from", how="is", value="a@x.fr"), 'address :is "from" "a@x.fr"'),
        (Condition(field="to", how="domain", value="@x.fr"), 'address :domain :is ["to", "cc"] "x.fr"'),
        (Condition(field="size", how="over", value="500", negated=True), "not size :over 500K"),
        (Condition(field="attachment", how="has"), 'jmapquery "{\\"hasAttachment\\": true}"'),
    ],
)
def test_conditions(condition: Condition, expected: str) -> None:
    assert sieve.test(condition) == expected


def test_words_are_found_after_an_apostrophe() -> None:
    text = sieve.test(Condition(field="subject", how="words", value="école du village"))
    asked = json.loads(text.removeprefix('jmapquery "').removesuffix('"').replace('\\"', '"'))
    first, *others = asked["conditions"]
    assert asked["operator"] == "AND"
    assert {"subject": "école"} in first["conditions"]
    assert {"subject": "l'école"} in first["conditions"]
    assert others == [{"subject": "du"}, {"subject": "village"}]


def test_names_are_found_whatever_their_accents() -> None:
    asked = sieve.test(Condition(field="from", how="words", value="Lefevre"))
    assert '{\\"from\\": \\"lefevre\\"}, {\\"from\\": \\"lefèvre\\"}' in asked
    assert "l'" not in asked
    whole = sieve.test(Condition(field="from", how="words", value='"Zoé Caron"'))
    assert "OR" not in whole


# As the search's own, `web/src/store/search/search.test.ts`.
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Noël", "noel"),
        ("noel", "noël"),
        ("gerault", "gérault"),
        ("helene", "hélène"),
        ("francois", "françois"),
        ("Aurelie", "aurélie"),
        ("jerome", "jérôme"),
        ("coeur", "cœur"),
        ("lemaitre", "lemaître"),
        ("e" * 200, "e" * 200),
    ],
)
def test_the_ways_to_write_a_name(typed: str, written: str) -> None:
    assert written in spellings(typed, 24)


@pytest.mark.parametrize("value", ["conseil de classe", '"école ouverte"'])
def test_other_words_are_asked_for_as_they_stand(value: str) -> None:
    text = sieve.test(Condition(field="subject", how="words", value=value))
    assert "AND" not in text
    assert "OR" not in text


def test_what_was_sent_on_before_stays_so_that_a_circle_loses_nothing() -> None:
    away = Actions(redirect=("b@x.fr",), keep_copy=False)
    assert sieve.redirects(away) == [
        'if exists "x-sieve-action" {',
        '  redirect :copy "b@x.fr";',
        "} else {",
        '  redirect "b@x.fr";',
        "}",
    ]
    assert "copy" in sieve.requirements([], away)
    assert sieve.redirects(Actions(redirect=("b@x.fr",))) == ['redirect :copy "b@x.fr";']


def test_days_are_those_of_the_owner() -> None:
    text = SCRIPTS.write(
        (), Absence(on=True, start=date(2026, 12, 20), end=date(2027, 7, 4), inside="x"), OWNER
    )
    assert ':zone "+0100" :value "ge" "date" "2026-12-20"' in text
    assert ':zone "+0200" :value "le" "date" "2027-07-04"' in text


def test_faults_and_targets() -> None:
    empty = rule(conditions=(), actions=Actions())
    wrong = Rules(state="", items=(empty, rule(id="r1")), absence=Absence(on=True))
    assert set(faults(wrong)) == {"items/0/conditions", "items/0/actions", "items/1/id", "absence/inside"}
    stand_in = StandIn(name="B", email="B@ac-un.test", pass_on=True)
    sending = rule(actions=Actions(redirect=("A@ac-un.test", "b@ac-un.test")))
    off = rule(id="r2", on=False, actions=Actions(redirect=("c@ac-un.test",)))
    rules = Rules(state="", items=(sending, off), absence=Absence(on=True, inside="x", stand_in=stand_in))
    assert list(faults(rules)) == []
    assert targets_of(rules) == ["a@ac-un.test", "b@ac-un.test"]
