"""The options by which commands choose people: the same as the lists of the console."""

from __future__ import annotations

from typing import Annotated

import typer

from casier.boot.words import say
from casier.console.many.filters import Filter
from casier.directory.models import AccountState

Quoted = Annotated[str, typer.Option("--q", help=say("Lettres d’un nom, d’une adresse", "Letters of a name"))]
State = Annotated[
    AccountState | None, typer.Option("--state", help=say("Seulement dans cet état", "Only in this state"))
]
School = Annotated[
    str, typer.Option("--school", metavar="UAI", help=say("Affectés dans cet établissement", "Posted there"))
]
Department = Annotated[str, typer.Option("--department", help=say("Département : 76", "Department: 76"))]
Network = Annotated[str, typer.Option("--network", help=say("Réseau (nom court)", "Network (short name)"))]
Function = Annotated[str, typer.Option("--function", help=say("Fonction : ENS, DIR…", "Function: ENS, DIR…"))]
Group = Annotated[str, typer.Option("--group", help=say("Groupe (nom court)", "Group (short name)"))]
Opened = Annotated[
    bool | None,
    typer.Option("--opened/--never-opened", help=say("Déjà ouvert, ou jamais", "Ever opened, or never")),
]
NotSeen = Annotated[
    int | None,
    typer.Option("--not-seen", help=say("Pas vus depuis 30, 90, 180 ou 365 jours", "For so many days")),
]
Full = Annotated[
    int | None,
    typer.Option("--full", help=say("Boîte pleine à 50, 80, 90 ou 100 %", "Mailbox full to so many percent")),
]


def filter_of(
    q: str,
    state: AccountState | None,
    school: str,
    department: str,
    network: str,
    function: str,
    group: str,
    opened: bool | None,
    not_seen: int | None,
    full: int | None,
) -> Filter:
    """What the options mean. Raises typer.BadParameter for a number that no list knows."""
    given = {
        "q": q, "etat": state or "", "uai": school, "departement": department, "reseau": network,
        "fonction": function, "groupe": group, "vu": not_seen or "", "plein": full or "",
        "active": "" if opened is None else "oui" if opened else "non",
    }  # fmt: skip
    wanted = Filter.of(given)
    if (not_seen and not wanted.vu) or (full and not wanted.plein):
        raise typer.BadParameter("--not-seen 30|90|180|365, --full 50|80|90|100")
    return wanted
