"""What goes on at the doors: references of refusals, blocks, attack waves, reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from casier.boot.commands.identity.shared import academies, local
from casier.boot.commands.speaking import AsJson, InAcademy, as_json, told
from casier.boot.words import english, say
from casier.directory.access import account_by_id, primary_address
from casier.directory.errors import NotFound
from casier.identity.guard import api as guard
from casier.identity.history import api as history_room
from casier.identity.recovery import api as recovery

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=say("Ouvrir une référence lue sur une page de refus.", "Open a reference from a page of refusal.")
)
def reference(given: Annotated[str, typer.Argument(metavar="R-XXXX-XXXX")], json: AsJson = False) -> None:
    with told():
        found = history_room.refusal_with(given, "en" if english() else "fr")
        request = None if found else recovery.desk_request(given)
        if found is None and request is None:
            raise NotFound("No page showed this reference lately.", reference=given)
    if found is not None:
        facts = history_room.as_facts(found.refusal)
        facts |= {"meaning": found.explanation.why, "repair": found.explanation.repair}
    elif request is not None:
        facts = {"reference": request.reference, "at": request.asked_at.isoformat(timespec="seconds")}
        facts |= {"account": request.account.public_id if request.account else "", "why": "recovery"}
    if json:
        as_json(facts)
        return
    who = primary_address(account_by_id(facts["account"])) if facts["account"] else "–"
    print(f"{facts['reference']}  {facts['at']}  {facts['why']}  {who}")
    if "meaning" in facts:
        print(f"  {facts['meaning']} {facts['repair']}")


@app.command(help=say("Qui est bloqué en ce moment.", "Who is blocked now."))
def blocks(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        found = [_block(one) for where in academies(academy) for one in guard.active_blocks(where)]
    if json:
        as_json(found)
        return
    for one in found:
        lanes = ", ".join(f"{lane['lane']} ({lane['why']})" for lane in one["lanes"])
        print(f"{one['address']:<40} {lanes}")


def _block(block: guard.Block) -> dict[str, Any]:
    lanes = [
        {**asdict(lane), "since": _moment(lane.since), "until": _moment(lane.until)} for lane in block.lanes
    ]
    return {
        "account": block.account,
        "address": primary_address(account_by_id(block.account)),
        "lanes": lanes,
    }


@app.command(help=say("Les vagues d’attaque, la plus récente en haut.", "Attack waves, the latest first."))
def waves(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        found = [_wave(wave) for where in academies(academy) for wave in guard.waves(where)]
    if json:
        as_json(found)
        return
    for one in found:
        until = one["closedAt"] or say("en cours", "under way")
        print(
            f"{one['academy']:<14} {one['openedAt']} → {until} ",
            f"{one['failures']} / {one['accounts']} / {one['sources']}",
        )


def _wave(wave: guard.Wave) -> dict[str, Any]:
    return {
        "id": wave.id,
        "academy": wave.academy,
        "openedAt": wave.opened_at.isoformat(timespec="seconds"),
        "closedAt": wave.closed_at.isoformat(timespec="seconds") if wave.closed_at else None,
        "failures": wave.failures,
        "sources": wave.sources,
        "accounts": wave.accounts,
    }


@app.command(help=say("Les signalements « Ce n’était pas moi » ouverts.", "Open reports: it wasn’t me."))
def reports(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        rows = [row for where in academies(academy) for row in history_room.reports(where)]
    if json:
        as_json([history_room.as_facts(row) for row in rows])
        return
    for row in rows:
        print(f"{row.reference}  {local(row.at)}  {primary_address(row.account)}  {row.event}")


def _moment(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None
