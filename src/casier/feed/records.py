"""What a feed says, whatever the file: schools, members of staff, and who is in which class.

Readers make these records, planning compares them with the directory. Values are as the feed writes them,
without spaces around; what isn't known is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret

# The label of a function that AAF tells apart from the others: whoever teaches in a school and directs it.
DIRECTS_SCHOOL = "DIRECTION D'ECOLE"


class Operation(StrEnum):
    """What a record asks for: a complete feed only adds, a delta also changes and deletes."""

    ADD = "add"
    MODIFY = "modify"  # only what the record names is changed: `SchoolRecord.given`, `PersonRecord.given`
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file's name, the number of the record in it (from 1), the line if known."""

    file: str
    number: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """A school or service."""

    place: Place
    operation: Operation
    key: str  # ENTStructureJointure; for CSV the UAI
    uai: str = ""
    name: str = ""
    kind: str = ""
    city: str = ""
    postal_code: str = ""
    department: str = ""
    networks: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()  # names of the fields that the record says anything about


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a person: where, which (ENS, DIR…), and what is known of it."""

    school: str  # the key of the school (Jointure), or its UAI; it may be one that no file of the feed holds
    code: str  # "-": attached to the school, the feed doesn't say as what; "": see PersonRecord.given
    label: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    subjects: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    principal_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A member of staff.

    GIVEN names the fields that the record says anything about, and of the functions `functions`, `subjects`,
    `classes`, `principal_of` and `direction` (those with the label DIRECTS_SCHOOL), each only where it is
    told. A change may tell what is taught and not the functions themselves: `functions` is then not in GIVEN,
    and each Function (of code "") only says what is known about the posting that is there already in its
    school.
    """

    place: Place
    operation: Operation
    key: str  # ENTPersonJointure; "" where the source has none (most CSV)
    given_name: str = ""
    family_name: str = ""
    birth_name: str = ""
    title: str = ""
    birth_date: date | None = None
    numen: Secret | None = None
    address: str = ""  # a mail address that the source gives
    functions: tuple[Function, ...] = ()
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """A pupil or someone responsible for one: never an account, at most a contact of a class."""

    place: Place
    operation: Operation
    key: str
    kind: str  # "pupil" | "parent"
    given_name: str = ""
    family_name: str = ""
    address: str = ""
    school: str = ""
    classes: tuple[str, ...] = ()
    pupils: tuple[str, ...] = ()  # of a parent: the keys of the pupils, where the source tells them there
    parents: tuple[str, ...] = ()  # of a pupil: the keys of who answers for them (AAF tells it on this side)
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that can't be read as one: CODE tells why (`feed.words` says it), FACTS fill the sentence.

    The names and the NUMEN are those that it holds, for nobody is gone whose record is only unreadable.
    """

    place: Place
    key: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)
    given_name: str = ""
    family_name: str = ""
    numen: Secret | None = None


class BadFeed(CasierError):
    """A file that can't be read as a feed at all. Its fact `reason` tells why (`feed.words` says it)."""

    code = "bad_feed"


Record = SchoolRecord | PersonRecord | PupilRecord | Refused


class Reader(Protocol):
    """Something that a file is read by; records come one at a time, in constant memory."""

    complete: bool  # whether what isn't in the feed is gone
    covers: frozenset[str]  # what it is complete about: "schools", "people", "pupils", "parents"

    def records(self) -> Iterator[Record]:
        """Every record of the feed: schools before people, people before pupils. Raises BadFeed when the
        files as a whole can't be read (hostile XML, not a feed): then nothing of them may be applied.
        """
        ...
