"""`./casier journal`: who did what to whom, and whether anybody touched what was written."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.audit.api import Break, Recorded, recent, verify
from casier.boot.commands.speaking import REFUSED, AsJson, as_json, complain, told
from casier.boot.words import say
from casier.directory.access import journal_name, owner_with

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Le journal : qui a fait quoi, à qui, quand, d’où et pourquoi.",
        "The journal: who did what, to whom, when, from where and why.",
    ),
)


@app.command(
    "list",
    help=say(
        "Montrer les derniers faits, le plus récent en bas. "
        "Exemple : journal list --target jean.martin@ac-rouen.fr -n 20",
        "Show the last entries, the latest at the bottom. "
        "Example: journal list --target jean.martin@ac-rouen.fr -n 20",
    ),
)
def list_entries(
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar=say("ADRESSE|TYPE:ID", "ADDRESS|KIND:ID"),
            help=say(
                "Une adresse, ou account:…, functional:…, academy:…, school:…",
                "An address, or account:…, functional:…, academy:…, school:…",
            ),
        ),
    ] = "",
    number: Annotated[int, typer.Option("-n", "--number", min=1, help=say("Combien", "How many"))] = 50,
    json: AsJson = False,
) -> None:
    with told():
        entries = recent(number, _target(target) if target else "")
    if json:
        as_json([_facts(entry) for entry in entries])
        return
    for entry in entries:
        print(_line(entry))


@app.command(
    "verify",
    help=say(
        "Vérifier les sceaux : chaque fait modifié, ajouté ou retiré après coup est dit (code 1).",
        "Verify the seals: each entry changed, added or taken away afterwards is told (exit code 1).",
    ),
)
def verify_seals(json: AsJson = False) -> None:
    with told():
        found = list(verify())
    if json:
        as_json({"sound": not found, "breaks": [asdict(one) for one in found]})
    else:
        for one in found:
            complain(_words(one))
        if not found:
            print(say("Le journal est intact.", "The journal is sound."))
    raise typer.Exit(REFUSED if found else 0)


def _target(text: str) -> str:
    """What TEXT names, as the journal writes it. Raises NotFound."""
    if "@" not in text:
        return text
    return journal_name(owner_with(text))


def _facts(entry: Recorded) -> dict[str, Any]:
    return {**asdict(entry), "at": entry.at.isoformat(timespec="seconds")}


def _line(entry: Recorded) -> str:
    at = timezone.localtime(entry.at)
    about = entry.facts.get("address") or entry.facts.get("name") or ""
    reason = f"« {entry.reason} »" if entry.reason else ""
    words = (f"{at:%Y-%m-%d %H:%M:%S}", f"{entry.action:<24}", entry.target, str(about), entry.actor, reason)
    return "  ".join(word for word in words if word)


def _words(one: Break) -> str:
    place = say(f"Lot {one.batch}", f"Batch {one.batch}") + (f", {one.entry}" if one.entry else "")
    return place + say(" : ", ": ") + one.problem
