"""`./casier privacy`: the register of processing, how long things are kept, erasing what is due."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import english, say
from casier.directory.access import academy_named
from casier.kernel.csv_cells import csv_text
from casier.policies.api import policy_for
from casier.privacy import nightly, registering
from casier.privacy.keeping.table import KINDS
from casier.privacy.registering import FIELDS, as_data, as_rows, line_of, register_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Données personnelles : registre des traitements, durées de conservation, effacement à l’échéance.",
        "Personal data: register of processing, retention, erasing of what is due.",
    ),
)
TheAcademy = Annotated[
    str, typer.Option("--academy", help=say("Académie (nom court)", "Academy (short name)"))
]


def _language() -> str:
    return "en" if english() else "fr"


@app.command(
    help=say(
        "Le registre des traitements d’une académie (RGPD, art. 30).",
        "The register of processing of an academy (GDPR, art. 30).",
    )
)
def register(
    academy: TheAcademy,
    csv: Annotated[bool, typer.Option("--csv", help=say("Tableau CSV", "CSV table"))] = False,
    json: AsJson = False,
) -> None:
    with told():
        found = register_of(academy_named(academy), _language())
    if json:
        as_json(as_data(found))
        return
    if csv:
        head, *rows = as_rows(found, _language())
        print(csv_text(head, rows), end="")
        return
    place = 1 if english() else 0
    print(f"{found.academy} – {say('version', 'version')} {found.version}")
    for name, text in found.fields.items():
        print(f"  {FIELDS[name][place]} ({name}): {text or say('à compléter', 'to be completed')}")
    print(f"  {found.transfers}")
    for one in found.processings:
        print(f"\n{one.title}\n  {one.purpose}\n  {one.basis}\n  {one.people} {one.data}\n  {one.recipients}")
        for line in one.kept:
            print(f"    {line.time:<24} {line.title}")


@app.command(
    "set",
    help=say(
        "Compléter le registre : CHAMP=TEXTE, un ou plusieurs. Champs : ",
        "Complete the register: FIELD=TEXT, one or more. Fields: ",
    )
    + ", ".join(FIELDS),
)
def set_fields(
    values: Annotated[list[str], typer.Argument(metavar=say("CHAMP=TEXTE…", "FIELD=TEXT…"))],
    academy: TheAcademy,
    reason: Reason,
    json: AsJson = False,
) -> None:
    pairs = {one.partition("=")[0].strip(): one.partition("=")[2] for one in values}
    with told():
        row = registering.change(
            academy_named(academy), pairs, by=operator(), reason=reason, now=timezone.now()
        )
    if json:
        as_json({"academy": academy, "version": row.number, "values": row.values})
    else:
        print(say(f"Version {row.number} du registre.", f"Version {row.number} of the register."))


@app.command(help=say("Les versions du registre.", "The versions of the register."))
def versions(academy: TheAcademy, json: AsJson = False) -> None:
    with told():
        rows = registering.versions_of(academy_named(academy))
    if json:
        facts = [
            {
                "number": row.number,
                "at": row.at.isoformat(),
                "by": row.by,
                "reason": row.reason,
                "values": row.values,
            }
            for row in rows
        ]
        as_json(facts)
        return
    for row in rows:
        print(f"{row.number:>4}  {row.at:%Y-%m-%d %H:%M}  {row.by}  « {row.reason} »")


@app.command(
    help=say(
        "Combien de temps chaque sorte de données est gardée, et pourquoi.",
        "How long each kind of data is kept, and why.",
    )
)
def retention(academy: TheAcademy, json: AsJson = False) -> None:
    place = 1 if english() else 0
    with told():
        policy = policy_for(academy_named(academy))
    lines = [(kind, line_of(kind, policy, place)) for kind in KINDS]
    if json:
        as_json(
            [
                {
                    "code": kind.code,
                    "what": line.title,
                    "days": kind.days(policy),
                    "setBy": kind.ends.value,
                    "setting": kind.setting,
                    "bounds": kind.bounds(),
                    "notSettable": line.firm,
                    "basis": line.basis,
                    "why": line.why,
                    "tables": list(kind.models),
                }
                for kind, line in lines
            ]
        )
        return
    for kind, line in lines:
        print(f"{line.time:<40} {kind.code:<22} {line.title}")
        told_by = f"{line.set_by} ({kind.setting})" if kind.setting else line.set_by
        if told_by or line.firm:
            print(f"{'':<40} {told_by}{say(' : ', ': ') if told_by and line.firm else ''}{line.firm}")


@app.command(
    "erase-due",
    help=say("Effacer ce qui est échu, maintenant.", "Erase what is due, now."),
)
def erase_due(json: AsJson = False) -> None:
    with told():
        counts = nightly.erase_now(timezone.now())
    if json:
        as_json(counts)
        return
    for code, count in counts.items():
        print(f"{count:>8}  {code}")
    if not counts:
        print(say("Rien n’était échu.", "Nothing was due."))
