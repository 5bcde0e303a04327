"""The options by which commands choose people: the same as the lists of the console."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from casier.boot.words import say
from casier.console.finding import is_numen
from casier.console.many.filters import Filter
from casier.directory import models
from casier.directory.errors import NotFound
from casier.directory.models import Academy, AccountState
from casier.groups.api import live

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

EVERYBODY = Filter()


def by_filter(command: Callable[..., None]) -> Callable[..., None]:
    """COMMAND, with the options by which people are chosen in the place of its parameter `wanted`.

    They are declared once, as the parameters of `filter_of`: two commands can't come to differ.
    """
    own, options = (inspect.signature(one, eval_str=True) for one in (command, filter_of))

    @wraps(command)
    def run(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in options.parameters}
        command(wanted=filter_of(**chosen), **given)

    parameters: list[inspect.Parameter] = []
    for one in own.parameters.values():
        parameters += options.parameters.values() if one.name == "wanted" else [one]
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def filter_of(
    q: Quoted = "",
    state: State = None,
    school: School = "",
    department: Department = "",
    network: Network = "",
    function: Function = "",
    group: Group = "",
    opened: Opened = None,
    not_seen: NotSeen = None,
    full: Full = None,
) -> Filter:
    """What the options mean. Raises typer.BadParameter for a number that no list knows, and for a NUMEN."""
    given = {
        "q": q, "etat": state or "", "uai": school, "departement": department, "reseau": network,
        "fonction": function, "groupe": group, "vu": not_seen or "", "plein": full or "",
        "active": "" if opened is None else "oui" if opened else "non",
    }  # fmt: skip
    wanted = Filter.of(given)
    if is_numen(q):
        # Confidential; and what is looked for stands in the journal.
        raise typer.BadParameter(say("--q : pas de NUMEN", "--q: no NUMEN"))
    if (not_seen and not wanted.vu) or (full and not wanted.plein):
        raise typer.BadParameter("--not-seen 30|90|180|365, --full 50|80|90|100")
    return wanted


def check_names(wanted: Filter, academy: Academy | None) -> None:
    """Raises NotFound for a school, a network or a group that there isn't: nobody isn't the answer then."""
    if wanted.groupe and academy is None:
        raise typer.BadParameter(say("--group demande --academy", "--group needs --academy"))
    if wanted.uai and not models.School.objects.filter(uai=wanted.uai).exists():
        raise NotFound("No such school.", uai=wanted.uai)
    within = {"academy": academy} if academy else {}
    if wanted.reseau and not models.Network.objects.filter(slug=wanted.reseau, **within).exists():
        raise NotFound("No such network.", slug=wanted.reseau)
    if wanted.groupe and academy and not live(academy).filter(slug=wanted.groupe).exists():
        raise NotFound("No such group.", slug=wanted.groupe)
