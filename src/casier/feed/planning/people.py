"""What becomes of a member of staff: from the record and what the directory holds, without a query."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casier.directory.models import AccountState
from casier.directory.numen import NumenVault
from casier.feed.knowing import Known, as_text
from casier.feed.models import Subject, Verb
from casier.feed.names import presentable, same
from casier.feed.planning.lines import LEAVERS, NEWCOMERS, PEOPLE, Line
from casier.feed.planning.postings import (
    ALL_KINDS,
    Difference,
    Wanted,
    details_alone,
    difference,
    still_directed,
    wanted,
)
from casier.feed.records import Operation, PersonRecord
from casier.kernel.addresses import NameWithoutLetters, local_part

_IN = {AccountState.INVITED, AccountState.ACTIVE, AccountState.SUSPENDED}
_LENGTHS = {"given_name": 100, "family_name": 100, "birth_name": 100, "title": 20}
_KINDS = {"subjects": "subject", "classes": "class", "principal_of": "principal"}
KEY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Frame:
    """What all records of a run are looked at with. HELD: whether a hold keeps this account from leaving."""

    schools: Mapping[str, str]  # the feed's key, and the UAI → the UAI
    vault: NumenVault
    today: date
    held: Callable[[str], bool]
    # Whether a record that adds somebody tells of all that they teach (AAF), or only of some columns (CSV).
    whole: bool = True


def newcomer(record: PersonRecord, frame: Frame) -> Line:
    """Somebody whom the directory doesn't have."""
    if record.operation is not Operation.ADD:
        verb = Verb.REFUSE if record.operation is Operation.MODIFY else Verb.IGNORE
        return _line(record, verb, "unknown_person")
    fault = _fault(record)
    if fault:
        return _line(record, Verb.REFUSE, fault)
    asked, unknown = wanted(record.functions, frame.schools, frame.today)
    if not asked:
        code = "unknown_school" if unknown else "no_posting"
        return _line(record, Verb.IGNORE, code, facts=_unknown(unknown))
    return _line(
        record, Verb.CREATE, "new",
        target=uuid.uuid4().hex,
        phase=NEWCOMERS,
        first_on=min((one.starts_on for one in asked if one.starts_on), default=None),
        facts=_unknown(unknown),
        after={
            "names": _names(record),
            **_numen(record, frame),
            "key": record.key,
            "postings": {"add": [one.as_data(frame.today) for one in asked]},
        },
    )  # fmt: skip


def _fault(record: PersonRecord) -> str:
    if not record.given_name.strip() or not record.family_name.strip():
        return "no_name"
    if len(record.key) > KEY_LENGTH:
        return "bad_key"
    try:
        local_part(record.given_name, record.family_name)
    except NameWithoutLetters:
        return "no_letters"
    return ""


def someone(record: PersonRecord, known: Known, by: str, frame: Frame) -> Line | None:
    """Somebody whom the directory has, recognised BY; None where all is as the feed says."""
    if not known.account:
        return _without_account(record, known, frame)
    functions = () if record.operation is Operation.DELETE else record.functions
    asked, unknown = wanted(functions, frame.schools, frame.today, _kinds(record, frame))
    if not speaks(record, "functions"):
        return _changed(record, known, by, asked, frame)
    if unknown and not asked:
        # The file of the schools is incomplete: nobody leaves for that.
        return _line(record, Verb.REFUSE, "unknown_school", target=str(known.person), facts=_unknown(unknown))
    if not asked:
        return leaver(known, frame, record)
    if record.operation is Operation.MODIFY and not speaks(record, "direction"):
        there = {(one.school, one.function) for one in asked}
        directed = still_directed(known.postings)
        asked = [*asked, *(one for one in directed if (one.school, one.function) not in there)]
    return _named(record, known, by, asked, frame, _unknown(unknown))


def _named(
    record: PersonRecord,
    known: Known,
    by: str,
    asked: Sequence[Wanted],
    frame: Frame,
    facts: dict[str, Any],
) -> Line | None:
    """Somebody whom the feed names somewhere; what those in charge said stays, and is told."""
    away = _away(asked, known)
    if known.state not in _IN and not _returned(record, known):
        # Somebody ended it while the feed named the person all along: the feed doesn't know better.
        code = "leaving_by_hand" if known.state == AccountState.LEAVING else "closed_by_hand"
        verb = Verb.REVIEW if _late(away, known, frame) else Verb.IGNORE
        return _line(record, verb, code, target=str(known.person), facts=_sent(away))
    rest = [one for one in asked if one.school not in away]
    line = _changed(record, known, by, rest, frame, {**facts, **_sent(away)})
    if line is None and away:
        verb = Verb.REVIEW if _late(away, known, frame) else Verb.IGNORE
        return _line(record, verb, "sent_away", target=str(known.person), facts=_sent(away))
    return line


def _away(asked: Sequence[Wanted], known: Known) -> set[str]:
    """The schools of ASKED that somebody in charge said they left: the feed doesn't bring them back there."""
    return {
        one.school for one in asked if (sent := known.away.get(one.school)) and sent.covers(one.starts_on)
    }


def _late(away: set[str], known: Known, frame: Frame) -> bool:
    """Whether the feed has said otherwise for too long to be only late: somebody has to decide."""
    return any(not known.away[school].waits(frame.today) for school in away)


def _sent(away: set[str]) -> dict[str, Any]:
    return {"away": sorted(away)} if away else {}


def _without_account(record: PersonRecord, known: Known, frame: Frame) -> Line | None:
    """A person without an account gets one, with all that the feed says."""
    line = newcomer(record, frame)
    if line.verb is not Verb.CREATE:
        return line
    after = {**line.after, "person": known.person, "key": "" if known.key else record.key}
    return _line(
        record, Verb.CREATE, "new", target=line.target, phase=NEWCOMERS, first_on=line.first_on,
        facts=line.facts, after=after,
    )  # fmt: skip


def leaver(known: Known, frame: Frame, record: PersonRecord | None = None) -> Line | None:
    """Somebody to whom the feed gives no posting any more; None where nothing of theirs is the feed's."""
    gap = difference(known.postings, (), frame.today)
    if not gap and known.gone:
        return None
    ended = {one.id for one, _values in gap.end}
    stays = any(one.id not in ended for one in known.postings)
    leaves = not stays and known.state in _IN
    held = leaves and frame.held(known.account)
    code = "held" if held else "left" if leaves else "other_posting" if stays else "out_already"
    line = _person_line(
        known, Verb.LEAVE if leaves and not held else Verb.CHANGE, code, record,
        phase=LEAVERS,
        before=_before(known, gap, {}),
        after={"postings": _postings(gap, frame.today), "gone": True},
    )  # fmt: skip
    if line.verb is Verb.LEAVE:
        line.after["account"] = "leave"
    return line


def _changed(
    record: PersonRecord,
    known: Known,
    by: str,
    asked: Sequence[Wanted],
    frame: Frame,
    facts: dict[str, Any] | None = None,
) -> Line | None:
    """What of KNOWN isn't as the feed says; a delta may tell of what is taught, or of the name alone."""
    named = speaks(record, "functions")
    gap = difference(known.postings, asked, frame.today) if named else details_alone(known.postings, asked)
    names = _new_names(record, known)
    after: dict[str, Any] = {"names": names, "postings": _postings(gap, frame.today)}
    if record.key and not known.key:
        after["key"] = record.key
    if record.numen and not known.numen_index:
        after |= _numen(record, frame)
    account = _account(known) if named else ""
    after |= {"account": account} if account else {}
    if named and known.gone:
        after["gone"] = False
    after = {name: value for name, value in after.items() if value not in ({}, None)}
    if not after:
        return None
    code = "back" if account else _code(names, gap, known, by)
    return _person_line(
        known, Verb.RETURN if account else Verb.CHANGE, code, record,
        phase=PEOPLE,
        facts={**(facts or {}), "by": by},
        before=_before(known, gap, names),
        after=after,
    )  # fmt: skip


def _returned(record: PersonRecord, known: Known) -> bool:
    """Whether the feed names somebody whom it didn't name before."""
    return known.gone or (bool(record.key) and not known.key)


def _account(known: Known) -> str:
    """What brings back an account that is out or on its way, now that its person is back."""
    if known.state in _IN:
        return ""
    return "cancel" if known.state == AccountState.LEAVING else "reopen"


def _code(names: dict[str, str], gap: Difference, known: Known, by: str) -> str:
    if "given_name" in names or "family_name" in names:
        return "renamed"
    if gap.add:
        return "moved" if gap.end else "posting_added"
    if gap.end:
        return "posting_ended"
    if gap.change:
        return "posting_changed"
    return "recognised" if by != "key" and not known.key else "details"


def speaks(record: PersonRecord, name: str) -> bool:
    """Whether the record says anything about this: a delta names what it changes."""
    if record.operation is Operation.MODIFY:
        return name in record.given
    if name == "functions":
        # A list of NUMENs says nothing of postings: nobody leaves for that.
        return record.operation is Operation.DELETE or not record.given or name in record.given
    return bool(getattr(record, name))


def _kinds(record: PersonRecord, frame: Frame) -> frozenset[str]:
    """The kinds of details that the record tells of."""
    if record.operation is not Operation.MODIFY and (frame.whole or not record.given):
        return ALL_KINDS
    return frozenset(kind for name, kind in _KINDS.items() if name in record.given)


def _names(record: PersonRecord) -> dict[str, str]:
    names = {
        "given_name": presentable(record.given_name),
        "family_name": presentable(record.family_name),
        "birth_name": "" if same(record.birth_name, record.family_name) else presentable(record.birth_name),
        "title": record.title.strip(),
    }
    cut = {name: value[: _LENGTHS[name]] for name, value in names.items()}
    return {**cut, "birth_date": as_text(record.birth_date)}


def _new_names(record: PersonRecord, known: Known) -> dict[str, str]:
    """What the record says otherwise. Accents and capitals are left as the directory has them: registers
    write none, and somebody may have put them there.
    """
    if record.operation is Operation.DELETE:
        return {}
    said = _names(record)
    held = {name: getattr(known, name) for name in _LENGTHS}
    found = {
        name: said[name]
        for name in _LENGTHS
        if speaks(record, name)
        and said[name] != held[name]
        and (name == "title" or not same(said[name], held[name]))
        and (said[name] or name in {"birth_name", "title"})
    }
    if record.birth_date and record.birth_date != known.birth_date:
        found["birth_date"] = as_text(record.birth_date)
    return found


def _numen(record: PersonRecord, frame: Frame) -> dict[str, Any]:
    """The NUMEN as it may be kept: sealed, with what finds it."""
    if record.numen is None:
        return {}
    sealed = frame.vault.seal(record.numen, secrets.token_bytes(12))
    return {"numen": {"index": frame.vault.index(record.numen), "sealed": base64.b64encode(sealed).decode()}}


def _postings(gap: Difference, today: date) -> dict[str, Any]:
    """The difference as data; nothing where there is none."""
    changed = [{"id": held.id, **values} for held, values in (*gap.change, *gap.end)]
    data = {"add": [one.as_data(today) for one in gap.add], "set": changed}
    return {name: value for name, value in data.items() if value}


def _before(known: Known, gap: Difference, names: dict[str, str]) -> dict[str, Any]:
    """What the directory has of all that the line changes: looked at again before it is done."""
    held = {name: getattr(known, name) for name in names if name != "birth_date"}
    if "birth_date" in names:
        held["birth_date"] = as_text(known.birth_date)
    return {
        "names": held,
        "postings": [one.as_data() for one, _values in (*gap.change, *gap.end)],
        "state": known.state,
        "gone": known.gone,
    }


def _person_line(known: Known, verb: Verb, code: str, record: PersonRecord | None, **more: Any) -> Line:
    key = record.key if record else known.key
    return Line(
        Subject.PERSON,
        verb,
        code,
        place=record.place if record else None,
        key=key,
        label=known.full_name,
        target=str(known.person),
        **more,
    )


def _line(record: PersonRecord, verb: Verb, code: str, **more: Any) -> Line:
    label = f"{presentable(record.given_name)} {presentable(record.family_name)}".strip()
    return Line(Subject.PERSON, verb, code, place=record.place, key=record.key, label=label, **more)


def _unknown(schools: Sequence[str]) -> dict[str, Any]:
    return {"schools": sorted(set(schools))[:5]} if schools else {}
