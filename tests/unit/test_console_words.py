"""No code reaches a reader of the console: everything that can be shown there has words in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from django.utils import translation

from casier.console import deeds, terms, wording
from casier.console.acting import Act
from casier.console.person import Cause
from casier.directory.actions.accounts import _PAST
from casier.directory.models import AccountState, Office, Role
from casier.identity.activation.models import Wrong
from casier.identity.dispatch.fate import Fate
from casier.identity.dispatch.models import Kind
from casier.identity.entry.road import Proof
from casier.identity.guard.one_device import Step as DeviceStep
from casier.identity.history.deciding import Event, Measure
from casier.identity.history.explaining import known_codes
from casier.identity.history.models import Report
from casier.identity.history.naming import measure_words, proof_words
from casier.identity.history.results import Notice, SignInResult
from casier.identity.history.undoing import REASON
from casier.identity.means.codes import CodePurpose
from casier.identity.models import ProgramState
from casier.identity.recovery.api import Check, LetterState
from casier.policies.helping import HELP
from casier.policies.policy import Policy, Section, UnusualSign
from casier.policies.words import CHOICES, FIELDS, SECTIONS, section_of

SOURCE = Path(wording.__file__).parents[1]
_RECORDING = re.compile(r"_?(record|note|journal|changed|end|done)")
_ACTION = re.compile(r"[a-z]+\.[a-z_]+")


def said(words: Any, value: str) -> set[str]:
    """WORDS for VALUE in both languages."""
    found = set()
    for language in ("fr", "en"):
        with translation.override(language):
            found.add(str(words(value)))
    return found


SHOWN = [
    (wording.state_words, AccountState),
    (wording.result_words, SignInResult),
    (wording.office_words, Office),
    (wording.check_words, Check),
    (wording.letter_words, LetterState),
    (terms.event_words, Event),
    (terms.notice_words, Notice),
    (terms.wrong_words, Wrong),
    (terms.dispatch_words, Kind),
    (terms.fate_words, Fate),
    (terms.purpose_words, CodePurpose),
    (measure_words, Measure),
]


@pytest.mark.parametrize(("words", "values"), SHOWN, ids=lambda one: getattr(one, "__name__", ""))
def test_every_value_has_words_of_its_own(words: Any, values: type[Enum]) -> None:
    unknown = said(words, "?")
    told = {value.value: said(words, value.value) for value in values}
    for code, sentences in told.items():
        assert all(sentences), code
        assert "_" not in "".join(sentences), f"{words.__name__} shows a code for {code!r}"
        # « Something else » is a choice of its own; any other that falls there has none.
        told_apart = sentences != unknown or code == "other"
        assert told_apart, f"{words.__name__} has no words for {code!r}"
    assert len({frozenset(one) for one in told.values()}) == len(told)


def test_every_act_has_words() -> None:
    for act in Act:
        for language in ("fr", "en"):
            assert wording.act_words(act, language).verb


CAUSES = ("suspended", "closed", "invited", "no_password", "password_expired")
BLOCKS = ("blocked_passwords", "blocked_factors", "blocked_one_device")


@pytest.mark.parametrize("code", [*CAUSES, *BLOCKS])
def test_every_cause_has_words_and_a_repair(code: str) -> None:
    general = wording.cause_words(Cause("?"), "fr")
    for language in ("fr", "en"):
        why, repair = wording.cause_words(Cause(code), language)
        assert (why, repair) != general
        assert why
        assert repair


def test_every_sign_proof_and_lane_has_words() -> None:
    for sign in get_args(UnusualSign):
        assert said(deeds.sign_words, sign) != said(deeds.sign_words, "?")
    for proof in Proof:
        assert all(said(proof_words, proof.value)), proof
    for lane in ("unknown", "device", "factor", "one_device", "all"):
        assert said(terms.lane_words, lane) != said(terms.lane_words, "?")
    for why in ("code", "notice", "recovery"):
        assert said(terms.why_words, why) != said(terms.why_words, "?")
    for road in ("session", "mailbox", "mail"):
        assert said(terms.road_words, road) != said(terms.road_words, "?")


@cache
def calls() -> list[tuple[Path, str, ast.Call]]:
    """Every call in the code: in which module, of what."""
    found = []
    for module in SOURCE.rglob("*.py"):
        text = module.read_text("utf-8")
        if any(word in text for word in ("record(", "note(", "refuse(", "tell(", "tell_of(", "_journal(")):
            nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
            found += [
                (module, str(getattr(node.func, "id", getattr(node.func, "attr", ""))), node)
                for node in nodes
            ]
    return found


def texts_in(arguments: list[ast.expr]) -> Iterator[str]:
    """The plain texts among ARGUMENTS, either side of a condition too."""
    for one in arguments:
        if isinstance(one, ast.IfExp):
            yield from texts_in([one.body, one.orelse])
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


# The journal ------------------------------------------------------------------------------------------
def recorded() -> Iterator[tuple[str, str]]:
    """Each act that the code records by its name, and where."""
    for module, name, call in calls():
        if not _RECORDING.fullmatch(name):
            continue
        for text in texts_in(call.args):
            if "recovery" in module.parts and re.fullmatch(r"[a-z]+_[a-z]+", text):
                yield f"recovery.{text}", module.name
            elif _ACTION.fullmatch(text):
                yield text, module.name


def composed() -> set[str]:
    """The acts whose names are put together from a state."""
    return {
        *(f"account.{past}" for past in _PAST.values()),
        *(f"identity.mail_program_{state.value}" for state in ProgramState),
        *(f"identity.one_device_{step.value}" for step in DeviceStep),
        *(f"functional.member_{role.value}" for role in Role),
        *(f"teamwork.{what}" for what in ("assigned", "unassigned", "handled", "reopened")),
    }


def test_every_recorded_act_has_words() -> None:
    found = dict(recorded())
    assert len(found) > 60
    known = deeds.known_actions()
    missing = sorted(
        f"{action} ({found.get(action, 'composed')})" for action in {*found, *composed()} - known
    )
    assert not missing, "give these acts words in console/deeds.py"


def test_no_act_is_shown_by_its_name() -> None:
    for action in deeds.known_actions():
        french, english = sorted(said(deeds.action_words, action)), deeds.action_words(action)
        assert action not in french
        assert not _ACTION.fullmatch(english), action
    assert "." not in next(iter(said(deeds.action_words, "something.new")))


def test_what_the_platform_gave_as_a_reason_is_in_words() -> None:
    assert deeds.reason_words("new_device, country") == "nouvel appareil, pays inhabituel"
    with translation.override("fr"):
        assert deeds.reason_words(REASON) == "la personne a dit\u00a0: ce n’était pas moi"
    assert deeds.reason_words("Appel du 12, numéro connu") == "Appel du 12, numéro connu"


# References and reports -------------------------------------------------------------------------------
def facts_kept() -> Iterator[tuple[str, str]]:
    """The names of the facts that pages keep with a refusal or a notice, and where."""
    for module, name, call in calls():
        if name in {"refuse", "tell", "tell_of", "tell_holders"}:
            parts = [*call.args, *(word.value for word in call.keywords if word.arg == "facts")]
            keys = [key for part in parts if isinstance(part, ast.Dict) for key in part.keys if key]
            yield from ((text, module.name) for text in texts_in(keys))


def test_every_fact_of_a_refusal_or_a_notice_has_a_name() -> None:
    found = dict(facts_kept())
    assert {"device", "proofs", "lane"} <= set(found)
    assert {f"{name} ({found[name]})" for name in set(found) - terms.known_facts()} == set()


def refusals() -> Iterator[tuple[str, str]]:
    for module, name, call in calls():
        if name in {"refuse", "_refused"} and {"identity", "portal"} & set(module.parts):
            yield from ((text, module.name) for text in texts_in(call.args))


def test_every_refusal_is_explained() -> None:
    found = dict(refusals())
    assert "no_factor_left" in found
    plain = {code for code in found if re.fullmatch(r"[a-z_]+", code)}
    assert plain - known_codes() == set()


def test_a_report_is_told_in_words() -> None:
    report = Report(
        event="came_in",
        road="mail",
        facts={"notice": "new_device", "at": "2026-11-24T13:05:00+00:00", "source": "192.0.2.1", "id": "ab"},
        done=[
            ["new_password", "", ""],
            ["revoke_since", "app_password", "Thunderbird"],
            ["revoke_since", "telephone", "06 •• •• •• 12"],
            ["report"],
        ],
    )
    with translation.override("fr"):
        done, facts = terms.done_words(report), terms.report_facts(report)
    assert len(done) == 3
    assert "mot de passe d’application «\u00a0Thunderbird\u00a0», téléphone de secours" in done[1]
    assert [one.name for one in facts] == ["Avis reçu", "Quand", "Depuis"]
    assert facts[1].value == "mardi 24 novembre, 14 h 05"
    assert not any(re.search(r"[a-z]_[a-z]", one) for one in [*done, *(fact.value for fact in facts)])


# Policies ---------------------------------------------------------------------------------------------
def literals(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    for part in get_args(kind) if get_origin(kind) is not Literal else ():
        yield from literals(part)


def test_every_field_has_a_label_a_help_and_words_for_its_choices() -> None:
    names, choices = set(), set()
    for name, kind in get_type_hints(Policy).items():
        if isinstance(kind, type) and issubclass(kind, Section):
            hints = get_type_hints(kind)
            names |= {f"{name}.{key}" for key in hints}
            choices |= {choice for hint in hints.values() for choice in literals(hint)}
        else:
            names.add(name)
    assert names == set(FIELDS) == set(HELP)
    assert {section_of(name) for name in names} == set(SECTIONS)
    assert choices <= set(CHOICES)
    for french, english in [*FIELDS.values(), *HELP.values(), *CHOICES.values()]:
        assert french
        assert english
        assert not re.search(r"\w [:;?!»]|« ", french), french
