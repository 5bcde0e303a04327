"""The functions of a person, and what is taught to whom, which AAF tells in attributes apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from casier.feed.reading.cleaning import Refusal, within
from casier.feed.records import DIRECTS_SCHOOL, Function

TEACHER, ATTACHED, HEAD = "ENS", "-", "DIR"
CODE, KEY, LABEL, DETAIL = 10, 50, 150, 100
GIVEN_OF_FUNCTIONS = {
    "entpersonfonctions": "functions",
    "entauxensclassesmatieres": "classes",
    "entauxensclasses": "classes",
    "entauxensgroupesmatieres": "subjects",
    "entauxensmatiereenseignetab": "subjects",
    "entauxensclassesprincipal": "principal_of",
    "entensfonctiondir": "direction",
}
_NO_SCHOOL = frozenset({"O", "N", "OUI", "NON", "TRUE", "FALSE", "0", "1"})

Values = Callable[..., list[str]]


@dataclass(slots=True)
class _Details:
    """What is known of someone's work in one school, in order, nothing twice."""

    subjects: dict[str, None] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)
    principal_of: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Written:
    """A value of ENTPersonFonctions, school$code$label$post code$post label; the end may be missing."""

    school: str
    code: str
    label: str = ""
    post_labels: dict[str, None] = field(default_factory=dict)


def functions_of(values: Values, subjects: Mapping[str, str], partly: bool) -> tuple[Function, ...]:
    """The functions that VALUES tell. PARTLY: what isn't told stays as it is. Raises Refusal."""
    written = _written(values("entpersonfonctions"))
    details = _details(values, subjects)
    if not written and partly:
        return tuple(_function(_Written(school, ""), known) for school, known in details.items())
    if not written:
        for school in values("entpersonstructrattach"):
            code = TEACHER if school in details else ATTACHED
            written[school, code] = _Written(within("school", school, KEY), code)
    _direct(written, values("entensfonctiondir"))
    _teach_somewhere(written, details)
    _fall_back(written, details, values("entauxensdisciplinesposte"))
    return tuple(_joined(written, details))


def _written(values: list[str]) -> dict[tuple[str, str], _Written]:
    found: dict[tuple[str, str], _Written] = {}
    for value in values:
        school, code, label, _, post = (*(part.strip() for part in value.split("$")), *("",) * 5)[:5]
        if not school or not code:
            raise Refusal("bad_function", value=value[:80])
        key = within("school", school, KEY), within("function", code.upper(), CODE)
        one = found.setdefault(key, _Written(*key, (label if label != ATTACHED else "")[:LABEL]))
        if post and post != ATTACHED:
            one.post_labels[post[:DETAIL]] = None
    return found


def _details(values: Values, subjects: Mapping[str, str]) -> dict[str, _Details]:
    found: dict[str, _Details] = {}
    for details, taught, subject in _told(values("entauxensclassesmatieres", "entauxensclasses"), found):
        details.classes[taught] = None
        _add(details.subjects, subject, subjects)
    for details, _, subject in _told(values("entauxensgroupesmatieres"), found):
        _add(details.subjects, subject, subjects)
    for details, subject, _ in _told(values("entauxensmatiereenseignetab"), found):
        _add(details.subjects, subject, subjects)
    for details, taught, _ in _told(values("entauxensclassesprincipal"), found):
        details.principal_of[taught] = None
    return found


def _told(values: list[str], found: dict[str, _Details]) -> Iterator[tuple[_Details, str, str]]:
    """The parts of VALUES (school$something$more) that are there, beside what is known of their school."""
    for value in values:
        school, one, other = (*(part.strip() for part in value.split("$")), "", "")[:3]
        if school and one:
            yield found.setdefault(school, _Details()), one[:DETAIL], other


def _add(known: dict[str, None], subject: str, subjects: Mapping[str, str]) -> None:
    if subject:
        known[subjects.get(subject, subject)[:DETAIL]] = None


def _direct(written: dict[tuple[str, str], _Written], schools: list[str]) -> None:
    """In the first degree whoever directs a school teaches there, and the schools directed are told apart."""
    for value in schools:
        school = value.split("$")[0].strip()
        if school and school.upper() not in _NO_SCHOOL:
            key = within("school", school, KEY), HEAD
            written.setdefault(key, _Written(*key, DIRECTS_SCHOOL))


def _teach_somewhere(written: dict[tuple[str, str], _Written], details: dict[str, _Details]) -> None:
    """Who has classes in a school where no function is told teaches there."""
    schools = {school for school, _ in written}
    for school in details:
        if school not in schools:
            written[school, TEACHER] = _Written(within("school", school, KEY), TEACHER)


def _fall_back(
    written: dict[tuple[str, str], _Written], details: dict[str, _Details], posts: list[str]
) -> None:
    """Where nothing else names a teacher's subject, the post's discipline does ("MATHEMATIQUES$1300")."""
    for one in written.values():
        if one.code == TEACHER and not one.post_labels and one.school not in details:
            labels = (part.strip() for value in posts for part in value.split("$"))
            one.post_labels.update({label[:DETAIL]: None for label in labels if _is_words(label)})


def _is_words(text: str) -> bool:
    return len(text) > 2 and not any(sign.isdigit() for sign in text)


def _joined(written: dict[tuple[str, str], _Written], details: dict[str, _Details]) -> Iterator[Function]:
    """What is known of a school goes to the teaching there, else to the first function there is."""
    bearer: dict[str, str] = {}
    for school, code in written:
        if code == TEACHER or school not in bearer:
            bearer[school] = code
    for (school, code), one in written.items():
        known = details.get(school) if bearer[school] == code else None
        yield _function(one, known or _Details())


def _function(one: _Written, known: _Details) -> Function:
    subjects = dict(known.subjects)
    if one.code == TEACHER:
        subjects |= one.post_labels
    label = one.label or next(iter(one.post_labels), "")
    return Function(
        one.school,
        one.code,
        label[:LABEL],
        subjects=tuple(subjects),
        classes=tuple(known.classes),
        principal_of=tuple(known.principal_of),
    )
