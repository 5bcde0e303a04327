"""What a copy holds, table by table, and what it doesn't hold, each with its reason.

A table with a way to an account or a person that stands in neither fails a test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casier.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one table, found by PATH, with the columns SHOWN: what isn't named isn't shown.

    COMPANIONS: columns with another person's account whose name the person knows from their own pages.
    """

    code: str
    title: Words
    label: str
    path: str
    shown: tuple[str, ...]
    companions: tuple[str, ...] = ()
    order: str = "pk"


def _read() -> tuple[Section, ...]:
    with (Path(__file__).parents[1] / "data" / "sections.toml").open("rb") as file:
        found = tomllib.load(file)["section"]
    return tuple(
        Section(
            one["code"],
            (one["fr"], one["en"]),
            one["table"],
            one["path"],
            tuple(one["shown"].split()),
            tuple(one.get("companions", "").split()),
        )
        for one in found
    )


SECTIONS: tuple[Section, ...] = _read()

# Ways to an account or a person that a copy doesn't follow, and why.
LEFT_OUT: Mapping[str, str] = {
    "directory.FindLine.account": "names and addresses once more, made to search",
    "identity.PastPassword.account": "hashes alone",
    "identity_means.Means.account": "shown with its value, opened (`more.means`)",
    "identity_means.Code.account": "a keyed hash, for minutes",
    "identity_history.Disavowal.notice": "the hash of a link",
    "identity_history.Report.closed_by": "another person's report, on which they worked",
    "life.Departure.handed_to": "another person's departure; what was opened is among the delegations",
    "teamwork.Work.assigned_by": "work given to another person",
    "contributors.Stay.sponsor": "another person's stay, for which they answer",
    "contributors.Request.asked_by": "another person, for whom they asked",
    "schools.Request.asked_by": "another person, for whom they asked; their act is in the journal",
    "feed.Change": "shown by person (`more.feed`)",
}
