"""The store's own compiler takes what we write, and its strings are what people typed."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casier.mailbox.filters.rules import Absence, Actions, Condition, Folder, Included, Rule, StandIn
from casier.mailbox.filters.script import Scripts
from casier.mailbox.filters.writing import Owner

CYRUS = Path("/usr/lib/cyrus/bin")
EXTENSIONS = (
    "fileinto reject vacation vacation-seconds envelope body relational regex subaddress copy date index "
    "imap4flags mailbox variables editheader duplicate include special-use mailboxid vnd.cyrus.jmapquery "
    "vnd.cyrus.log"
)
OWNER = Owner("Léa D'Été", "lea@ac-un.test", ("lea@ac-un.test", "l.ete@ac-un.test"), ("ac-un.test",))
SCRIPTS = Scripts(b"k" * 32)
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='"\\${}.;#'), max_size=80)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n.${}#:;"), max_size=200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sieve")
    (made / "imapd.conf").write_text(f"configdirectory: {made}\nsieve_extensions: {EXTENSIONS}\n")
    return made


def compiled(folder: Path, script: str) -> str:
    """What Cyrus understood, as its own tool tells it."""
    source, code = folder / "script", folder / "code"
    source.write_text(script, encoding="utf-8", newline="")
    command = [CYRUS / "sievec", "-C", folder / "imapd.conf", source, code]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + script
    told = subprocess.run([CYRUS / "sieved", code], capture_output=True, check=True)
    return told.stdout.decode("utf-8", "replace")


def values(told: str) -> set[str]:
    """Every `{octets}string` of the listing."""
    data, found = told.encode(), set()
    for match in re.finditer(rb"\{(\d+)\}", data):
        found.add(data[match.end() : match.end() + int(match[1])].decode("utf-8", "replace"))
    return {value.replace("${dollar}", "$") for value in found}


@given(TYPED, TEXTS)
@example('"; redirect "vol@x.example"; #', '.\n;\nredirect "vol@x.example";\n')
@example("${from}\\", "..\n.")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cyrus_reads_what_was_typed(folder: Path, typed: str, text: str) -> None:
    rule = Rule(
        id="r1",
        name=typed,
        conditions=(
            Condition(field="list", how="is", value=typed or "x"),
            Condition(field="subject", how="words", value=typed or "x"),
        ),
        actions=Actions(reply=text, folder=Folder(id="f1", name=typed)),
    )
    told = compiled(folder, SCRIPTS.write((rule,), Absence(), OWNER))
    assert (typed or "x").strip() in values(told)
    assert text.rstrip("\n") + "\n" in values(told)
    assert "REDIRECT" not in told


def test_every_part_compiles(folder: Path) -> None:
    conditions = (
        Condition(field="from", how="is", value="a@x.fr"),
        Condition(field="from", how="domain", value="x.fr", negated=True),
        Condition(field="to", how="words", value="école"),
        Condition(field="text", how="words", value="dotation"),
        Condition(field="size", how="under", value="20"),
        Condition(field="attachment", how="has", negated=True),
    )
    actions = Actions(
        labels=("vert",), mark_read=True, star=True, important=True, reply="Merci", stop=True,
        redirect=("a@ac-un.test", "b@ac-un.test"), folder=Folder(id="f1", name="Projets/Été"),
    )  # fmt: skip
    rules = (
        Rule(id="r1", name="Un", conditions=conditions, actions=actions),
        Rule(id="r2", name="Deux", match="any", conditions=conditions, actions=actions),
        Rule(id="r3", name="Trois", match="every", actions=Actions(redirect=("a@x.fr",), keep_copy=False)),
        Rule(id="r4", name="Quatre", on=False, match="every", actions=actions),
        Included(name="phone"),
    )
    stand_in = StandIn(name="Bob", email="bob@ac-un.test", pass_on=True)
    for outside, answer in ((None, True), ("Away", True), (None, False)):
        absence = Absence(
            on=True, start=date(2026, 12, 20), end=date(2027, 1, 4), inside="Absente", outside=outside,
            answer_outside=answer, stand_in=stand_in,
        )  # fmt: skip
        told = compiled(folder, SCRIPTS.write(rules, absence, OWNER))
        assert told.count("VACATION") == 2 + (2 if outside else 1)
