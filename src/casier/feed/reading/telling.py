"""What an AAF request tells: a school, a member of staff, a pupil, someone who answers for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casier.feed.reading.cleaning import Refusal, cleaned, day, department_of, within
from casier.feed.reading.hardened import Request
from casier.feed.reading.teaching import GIVEN_OF_FUNCTIONS, functions_of
from casier.feed.records import Operation, PersonRecord, Place, PupilRecord, Record, Refused, SchoolRecord
from casier.kernel.uai import BadUai, parse_uai

_BY_LAW = 3  # where ENTElevePersRelEleve tells who answers for a pupil by law
_OF_FIRST_DEGREE = 4  # where ENTPersonClasses tells a class by its name
NAME, KEY, ADDRESS = 100, 50, 254  # what the directory holds of each
_OPERATIONS = {
    "addRequest": Operation.ADD,
    "modifyRequest": Operation.MODIFY,
    "deleteRequest": Operation.DELETE,
}
# First-degree feeds have their own names for some of them.
_SCHOOL = {
    "entstructureuai": "uai",
    "entetablissementuai": "uai",
    "entstructurenomcourant": "name",
    "entstructuretypestruct": "kind",
    "l": "city",
    "entstructureville": "city",
    "postalcode": "postal_code",
    "entstructurecodepostal": "postal_code",
    "entetablissementbassin": "networks",
}
_PERSON = {
    "entpersondatenaissance": "birth_date",
    "entpersonnompatro": "birth_name",
    "sn": "family_name",
    "entpersonnom": "family_name",
    "givenname": "given_name",
    "entpersonprenom": "given_name",
    "personaltitle": "title",
    "entpersoncivilite": "title",
    "mail": "address",
    "entpersonmail": "address",
    **GIVEN_OF_FUNCTIONS,
}
_PUPIL = {
    **{name: field for name, field in _PERSON.items() if field in {"given_name", "family_name", "address"}},
    "entpersonstructrattach": "school",
    "enteleveclasses": "classes",
    "entpersonclasses": "classes",
    "entelevepersreleleve": "parents",
    "enteleveautoriteparentale": "parents",
}
_GIVEN_NAME, _FAMILY_NAME = ("givenname", "entpersonprenom"), ("sn", "entpersonnom")
# Before 2012 a pupil named each of them apart; first-degree feeds name those who have authority by law.
_PARENTS = (
    "enteleveautoriteparentale", "enteleveparents", "entelevepere", "entelevemere", "entelevepersreleleve1",
    "entelevepersreleleve2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A request with its place; `subjects` names what codes of the feed mean."""

    request: Request
    place: Place
    operation: Operation
    subjects: Mapping[str, str] = field(default_factory=dict)

    def one(self, *names: str) -> str:
        """The first value there is under one of NAMES."""
        found = (value for name in names for value in self.request.attributes.get(name, ()) if value)
        return cleaned(next(found, ""))

    def all(self, *names: str) -> list[str]:
        """Every value under NAMES."""
        return [
            value
            for name in names
            for raw in self.request.attributes.get(name, ())
            if (value := cleaned(raw))
        ]

    def given(self, fields: Mapping[str, str]) -> frozenset[str]:
        """The fields that the request says anything about."""
        return frozenset(fields[name] for name in self.request.attributes if name in fields)


def record(
    build: Callable[[Told], Record], request: Request, place: Place, subjects: Mapping[str, str]
) -> Record:
    """What BUILD makes of REQUEST, or why it can't."""
    try:
        return build(Told(request, place, _operation(request), subjects))
    except Refusal as refusal:
        told = Told(request, place, Operation.ADD)
        given_name, family_name = told.one(*_GIVEN_NAME)[:NAME], told.one(*_FAMILY_NAME)[:NAME]
        key = cleaned(request.key)[:KEY]
        return Refused(place, key, refusal.code, refusal.facts, given_name, family_name)


def school(told: Told) -> Record:
    """A school or service."""
    key = _key(told, "entstructurejointure")
    given = told.given(_SCHOOL)
    if told.operation is Operation.DELETE:
        return SchoolRecord(told.place, told.operation, key)
    uai = _uai(told, "uai" in given)
    name = re.sub(r"-ac-[^-]+(-[^-]+)*$", "", told.one("entstructurenomcourant"), flags=re.IGNORECASE)
    if not name and (told.operation is Operation.ADD or "name" in given):
        raise Refusal("no_school_name")
    postal_code = told.one("postalcode", "entstructurecodepostal")[:10]
    return SchoolRecord(
        told.place,
        told.operation,
        key,
        uai=uai,
        name=within("name", name, 200),
        kind=told.one("entstructuretypestruct")[:50],
        city=told.one("l", "entstructureville")[:100],
        postal_code=postal_code,
        department=department_of(uai, postal_code),
        networks=tuple(dict.fromkeys(one[:150] for one in told.all("entetablissementbassin"))),
        given=given | ({"department"} if given & {"uai", "postal_code"} else set()),
    )


def person(told: Told) -> Record:
    """A member of staff."""
    key = _key(told, "entpersonjointure")
    if told.operation is Operation.DELETE:
        return PersonRecord(told.place, told.operation, key)
    given = told.given(_PERSON)
    names = _names(told, given)
    return PersonRecord(
        told.place,
        told.operation,
        key,
        given_name=names[0],
        family_name=names[1],
        birth_name=within("birth_name", told.one("entpersonnompatro"), NAME),
        title=told.one("personaltitle", "entpersoncivilite")[:20],
        birth_date=day("birth_date", told.one("entpersondatenaissance")),
        address=_address(told),
        functions=functions_of(told.all, told.subjects, told.operation is Operation.MODIFY),
        given=given,
    )


def pupil(told: Told) -> Record:
    """A pupil: their school, their classes, and who answers for them."""
    key = _key(told, "entpersonjointure")
    if told.operation is Operation.DELETE:
        return PupilRecord(told.place, told.operation, key, "pupil")
    given = told.given(_PUPIL)
    names = _names(told, given)
    classes = [_class_in(value) for value in told.all("enteleveclasses", "entpersonclasses")]
    named = [*filter(_answers, told.all("entelevepersreleleve")), *told.all(*_PARENTS)]
    parents = [value.split("$")[0].strip() for value in named]
    return PupilRecord(
        told.place,
        told.operation,
        key,
        "pupil",
        given_name=names[0],
        family_name=names[1],
        address=_address(told),
        school=told.one("entpersonstructrattach")[:KEY],
        classes=tuple(dict.fromkeys(one[:NAME] for one in classes if one)),
        parents=tuple(dict.fromkeys(one[:KEY] for one in parents if one)),
        given=given,
    )


def _class_in(value: str) -> str:
    """The class that VALUE names: school$class, or of the first degree school$…$…$the class's key$class."""
    parts = [part.strip() for part in value.split("$")]
    return parts[_OF_FIRST_DEGREE] if len(parts) > _OF_FIRST_DEGREE else parts[1] if len(parts) > 1 else ""


def _answers(value: str) -> bool:
    """Whether this one answers for the pupil: key$kinship$pays the fees$answers by law$contact$is paid.

    Who is only to be called, or only pays, is no parent to write to.
    """
    parts = value.split("$")
    return len(parts) <= _BY_LAW or parts[_BY_LAW].strip() not in {"", "0"}


def parent(told: Told) -> Record:
    """Someone who answers for a pupil; which ones, the pupils tell."""
    key = _key(told, "entpersonjointure")
    if told.operation is Operation.DELETE:
        return PupilRecord(told.place, told.operation, key, "parent")
    given = told.given(_PUPIL) - {"school"}
    names = _names(told, given)
    return PupilRecord(
        told.place,
        told.operation,
        key,
        "parent",
        given_name=names[0],
        family_name=names[1],
        address=_address(told),
        given=given,
    )


def _operation(request: Request) -> Operation:
    if (operation := _OPERATIONS.get(request.tag)) is None:
        raise Refusal("unknown_request", value=cleaned(request.tag)[:40])
    if other := request.operations - {"replace"}:
        raise Refusal("unknown_modification", value=cleaned(min(other))[:40])
    return operation


def _key(told: Told, name: str) -> str:
    outside, inside = cleaned(told.request.key), told.one(name)
    if outside and inside and outside != inside:
        raise Refusal("two_keys", one=outside[:KEY], other=inside[:KEY])
    if not (outside or inside):
        raise Refusal("no_key")
    return within("key", outside or inside, KEY)


def _names(told: Told, given: frozenset[str]) -> tuple[str, str]:
    given_name, family_name = told.one(*_GIVEN_NAME), told.one(*_FAMILY_NAME)
    for name, there in (("given_name", given_name), ("family_name", family_name)):
        if not there and (told.operation is Operation.ADD or name in given):
            raise Refusal("no_name", field=name)
    return within("given_name", given_name, NAME), within("family_name", family_name, NAME)


def _uai(told: Told, given: bool) -> str:
    text = told.one("entstructureuai", "entetablissementuai")
    if not text and not given and told.operation is Operation.MODIFY:
        return ""
    try:
        return parse_uai(text)
    except BadUai as error:
        raise Refusal("bad_uai", value=text[:20]) from error


def _address(told: Told) -> str:
    address = told.one("mail", "entpersonmail")
    return address if "@" in address and len(address) <= ADDRESS and " " not in address else ""
