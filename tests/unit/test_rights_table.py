"""The table of the docs is the table of the code, and nothing decides about rights beside it."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import casier
from casier.directory.abilities import NOT_LENT, NOT_TO_THE_PLATFORM, OFFICES, Ability
from casier.directory.models import Office

SOURCE = Path(casier.__file__).parent
DOCS = SOURCE.parents[1] / "docs/develop/rights.md"
COLUMNS = list(Office)
# What no page or command asks for yet. Shrinks; nothing is added without its page.
AWAITED: set[Ability] = set()
# Who gives, shows and tells of offices, or plays them, names them; everyone else asks `mandates.py`.
NAMES_OFFICES = {
    "console/views/mandates.py", "console/views/rights.py", "demo/doors.py", "directory/abilities.py",
    "directory/actions/lending.py", "directory/actions/mandates.py", "directory/mandates.py",
    "identity/guard/waves.py", "identity/history/disowning.py", "life/closing.py", "rights/asking.py",
    "rights/brought.py", "rights/things.py",
}  # fmt: skip


def table() -> str:
    """What the docs must hold."""
    head = "| ability | " + " | ".join(office.value for office in COLUMNS) + " | |"
    rows = [head, "|---" * (len(COLUMNS) + 2) + "|"]
    for ability in Ability:
        cells = ["yes" if office in OFFICES[ability] else "–" for office in COLUMNS]
        notes = ["not lent"] if ability in NOT_LENT else []
        notes += ["not to who holds the platform"] if ability in NOT_TO_THE_PLATFORM else []
        rows.append(f"| `{ability.value}` | {' | '.join(cells)} | {', '.join(notes)} |")
    return "\n".join(rows)


def test_the_table_of_the_docs_is_that_of_the_code() -> None:
    written = DOCS.read_text(encoding="utf-8")
    assert table() in written, f"write this into {DOCS.name}:\n{table()}"


def test_every_ability_is_somebodys_and_asked_for() -> None:
    assert set(OFFICES) == set(Ability)
    assert all(OFFICES.values())
    asked = set()
    for module in SOURCE.rglob("*.py"):
        if module.name != "abilities.py":
            asked |= set(re.findall(r"\bAbility\.([A-Z_]+)", module.read_text(encoding="utf-8")))
    unused = {ability for ability in Ability if ability.name not in asked}
    assert unused <= AWAITED, unused - AWAITED


def test_nothing_decides_by_an_office_but_the_one_function() -> None:
    """An office's name in code is a decision of its own: only the rooms that name offices have one."""
    found = set()
    for module in SOURCE.rglob("*.py"):
        if "migrations" in module.parts or "engines" in module.parts:
            continue
        tree = ast.parse(module.read_text(encoding="utf-8"))
        if any(_is_attribute_of(node, "Office") for node in ast.walk(tree)):
            found.add(str(module.relative_to(SOURCE)))
    assert found <= NAMES_OFFICES, found - NAMES_OFFICES


def test_what_heads_see_is_not_what_keeps_accounts_safe() -> None:
    """Pairs that must never meet in one office, whatever the table becomes."""
    apart = (
        (Office.HEAD, {Ability.SEE_HISTORY, Ability.RESET, Ability.SUSPEND, Ability.SEE_TRACE}),
        (Office.DPO, {Ability.RESET, Ability.UNLOCK, Ability.GIVE_MANDATES}),
        (Office.HELP_DESK, {Ability.GIVE_MANDATES, Ability.SET_POLICY, Ability.SEE_JOURNAL}),
        (Office.PLATFORM, {Ability.SEE_PERSON, Ability.RESET, Ability.GIVE_MANDATES}),
        (Office.LIST_OWNER, set(Ability) - {Ability.SEE_GROUPS}),
    )
    for (office, never), ability in itertools.product(apart, Ability):
        assert not (ability in never and office in OFFICES[ability]), (office, ability)


def _is_attribute_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
