"""Resets by the help desk: asked for, agreed to by a second person, taken once."""

from __future__ import annotations

from typing import Annotated

import typer

from casier.boot.commands.identity.shared import OneId, academies
from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.console.person import reset_facts
from casier.directory.access import account_with
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Check

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=say(
        "Réinitialiser après contrôle de l’identité ; le mot de passe provisoire s’affiche une seule fois. "
        "Exemple : identity reset jean.martin@ac-rouen.fr --check called_back --check document --reason R",
        "Reset after the identity was checked; the temporary password is shown once. "
        "Example: identity reset jean.martin@ac-rouen.fr --check called_back --check document --reason R",
    )
)
def reset(
    address: OneAddress,
    reason: Reason,
    check: Annotated[
        list[Check] | None,
        typer.Option(
            "--check",
            help=say(
                "Comment l’identité a été vérifiée ; deux au moins", "How the identity was checked; twice"
            ),
        ),
    ] = None,
    factors: Annotated[
        bool,
        typer.Option(
            "--factors",
            help=say(
                "Retirer les seconds facteurs, après le mot de passe", "Take factors off, after the password"
            ),
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    with told():
        account = account_with(address)
        if factors:
            outcome = recovery.reset_factors(account, operator(), reason)
        else:
            outcome = recovery.start_reset(account, check or [], operator(), reason)
    _tell_reset(outcome, json)


def _tell_reset(outcome: recovery.Outcome, json: bool) -> None:
    password = outcome.password.reveal() if outcome.password else None
    if json:
        as_json({**reset_facts(outcome.reset), "password": password})
        return
    print(f"{outcome.reset.id.hex}  {outcome.reset.state}")
    if password:
        print(password)


@app.command(
    help=say("Réinitialisations qui attendent une seconde personne.", "Resets that wait for a second person.")
)
def pending(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        found = [reset_facts(row) for one in academies(academy) for row in recovery.pending_resets(one)]
    if json:
        as_json(found)
        return
    for one in found:
        print(f"{one['id']}  {one['state']:<9} {one['kind']:<9} {one['address']}  « {one['reason']} »")


@app.command(help=say("Donner son accord, en seconde personne.", "Agree, as the second person."))
def approve(reset_id: OneId, reason: Reason, json: AsJson = False) -> None:
    with told():
        outcome = recovery.approve_reset(reset_id, operator(), reason)
    _tell_reset(outcome, json)


@app.command(help=say("Refuser une réinitialisation.", "Refuse a reset."))
def refuse(reset_id: OneId, reason: Reason, json: AsJson = False) -> None:
    with told():
        row = recovery.refuse_reset(reset_id, operator(), reason)
    _tell_reset(recovery.Outcome(row), json)


@app.command(
    help=say(
        "Le mot de passe d’une réinitialisation acceptée, une fois.", "The password of an agreed reset, once."
    )
)
def take(reset_id: OneId, json: AsJson = False) -> None:
    with told():
        password = recovery.take_password(reset_id, operator()).reveal()
    if json:
        as_json({"id": reset_id, "password": password})
    else:
        print(password)
