"""`./casier policy`: what each academy decides, what departs from guidance, and putting another in force."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
import typer
from django.utils import timezone

from casier.boot.commands.speaking import REFUSED, AsJson, Reason, as_json, complain, operator, told
from casier.boot.words import english, say
from casier.console.effects import touched
from casier.directory.access import academy_named
from casier.directory.errors import NotFound
from casier.directory.models import Academy
from casier.policies import api as policies
from casier.policies.api import SHIPPED, BadPolicy, Change, Contradiction, Deviation, Policy
from casier.policies.words import FIELDS, value_words

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les politiques : ce que chaque académie décide de ses comptes.",
        "Policies: what each academy decides about its accounts.",
    ),
)
_SETS = ", ".join(SHIPPED)
WhichAcademy = Annotated[
    str,
    typer.Argument(
        metavar=say("ACADÉMIE", "ACADEMY"), help=say("Nom court de l’académie", "Short name of the academy")
    ),
]
Which = Annotated[
    str,
    typer.Argument(
        metavar=say("ACADÉMIE|JEU", "ACADEMY|SET"),
        help=say(f"Une académie, ou un jeu livré : {_SETS}", f"An academy, or a shipped set: {_SETS}"),
    ),
]
OneFile = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar=say("FICHIER.toml", "FILE.toml"), help="TOML")
]


@app.command(
    "list",
    help=say("Lister les jeux livrés et ce qui est en vigueur.", "List shipped sets and what is in force."),
)
def list_policies(json: AsJson = False) -> None:
    with told():
        in_force = [_in_force(academy) for academy in Academy.objects.order_by("slug")]
    sets = [{"set": name, "deviations": len(policies.deviations(policies.shipped(name)))} for name in SHIPPED]
    if json:
        as_json({"shipped": sets, "academies": in_force})
        return
    print(say("Jeux livrés :", "Shipped sets:"), _SETS)
    for one in in_force:
        like = one["set"] or say("un mélange", "a mix")
        print(f"{one['academy']:<16} version {one['version']:<4} {like:<12} {one['at'] or ''}")


def _in_force(academy: Academy) -> dict[str, Any]:
    rows = policies.revisions(academy)
    policy = policies.policy_for(academy)
    return {
        "academy": academy.slug,
        "version": rows[0].number if rows else 0,
        "set": policies.set_like(policy),
        "at": rows[0].at.isoformat(timespec="seconds") if rows else None,
        "deviations": len(policies.deviations(policy)),
    }


@app.command(
    help=say(
        "Montrer une politique, en clair, en TOML ou en JSON ; --diff : ce qui la sépare d’une autre.",
        "Show a policy, in words, as TOML or as JSON; --diff: what sets it apart from another.",
    )
)
def show(
    which: Which,
    toml: Annotated[
        bool, typer.Option("--toml", help=say("Un fichier que apply reprend", "A file that apply takes"))
    ] = False,
    diff: Annotated[
        str,
        typer.Option(
            "--diff",
            metavar=say("AUTRE", "OTHER"),
            help=say("Seulement ce qui diffère de cette autre", "Only what differs from this other"),
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    with told():
        policy = named(which)
        other = named(diff) if diff else None
    if other is not None:
        _tell_changes(policies.changes(other, policy), json)
    elif toml:
        print(policies.as_toml(policy), end="")
    elif json:
        as_json(msgspec.to_builtins(policy))
    else:
        for field, value in policies.flat(policy).items():
            print(f"{field:<40} {_value(value, field)}")
        _tell_deviations(policies.deviations(policy))


def named(which: str) -> Policy:
    """The policy in force for the academy called WHICH, else the shipped set. Raises NotFound."""
    academy = Academy.objects.filter(slug=which.strip().lower()).first()
    if academy is not None:
        return policies.policy_for(academy)
    if which in SHIPPED:
        return policies.shipped(which)
    raise NotFound(f"No academy and no shipped set is called {which!r}.", slug=which)


@app.command(
    help=say(
        "Vérifier un fichier : toutes les contradictions (code 1) et tous les écarts aux recommandations.",
        "Check a file: every contradiction (exit code 1) and everything that departs from guidance.",
    )
)
def check(file: OneFile, json: AsJson = False) -> None:
    found, departs = _examined(file.read())
    if json:
        as_json({"sound": not found, "contradictions": _facts(found), "deviations": _facts(departs)})
    else:
        _tell_contradictions(found)
        _tell_deviations(departs)
        if not found:
            print(say("La politique se tient.", "The policy holds together."))
    raise typer.Exit(REFUSED if found else 0)


def _examined(text: bytes) -> tuple[list[Contradiction], list[Deviation]]:
    try:
        policy = policies.draft_toml(text)
    except BadPolicy as error:
        return error.contradictions, []
    return policies.contradictions(policy), policies.deviations(policy)


@app.command(
    help=say(
        "Mettre une politique en vigueur : un jeu livré, un fichier ou des changements. "
        "Exemple : policy apply rouen --change lock.attempts=4 --reason 'Comité du 12'",
        "Put a policy in force: a shipped set, a file or changes. "
        "Example: policy apply rouen --change lock.attempts=4 --reason 'Committee of the 12th'",
    )
)
def apply(
    academy: WhichAcademy,
    reason: Reason,
    name: Annotated[
        str, typer.Option("--set", metavar=say("JEU", "SET"), help=say("Un jeu livré", "A shipped set"))
    ] = "",
    file: Annotated[
        typer.FileBinaryRead | None, typer.Option("--file", help=say("Un fichier TOML", "A TOML file"))
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar=say("SECTION.CHAMP=VALEUR", "SECTION.FIELD=VALUE"),
            help=say("Un changement ; peut être répété", "A change; may be given several times"),
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help=say("Montrer seulement ce qui changerait", "Only show what would change")
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    if bool(name) + bool(file) + bool(change and not (name or file)) != 1:
        complain(say("Indiquez --set, --file ou --change.", "Give --set, --file or --change."))
        raise typer.Exit(2)
    try:
        with told():
            where = academy_named(academy)
            before = policies.policy_for(where)
            after = _wanted(before, name, file.read() if file else None, change or [])
            policies.checked(after)
    except typer.Exit:
        raise
    _put_in_force(where, (before, after), reason, dry_run=dry_run, json=json)


def _wanted(before: Policy, name: str, text: bytes | None, change: list[str]) -> Policy:
    base = policies.shipped(name) if name else policies.draft_toml(text) if text is not None else before
    return policies.with_changes(base, change) if change else base


def _put_in_force(
    academy: Academy, pair: tuple[Policy, Policy], reason: str, *, dry_run: bool, json: bool
) -> None:
    before, after = pair
    found, touches = policies.changes(before, after), touched(academy, before, after)
    version: int | None = None
    with told():
        if found and not dry_run:
            row = policies.adopt(academy, after, by=operator(), reason=reason, now=timezone.now())
            version = row.number
    if json:
        facts = {"academy": academy.slug, "version": version, "changes": _changes(found)}
        facts |= {
            "touches": [asdict(one) for one in touches],
            "deviations": _facts(policies.deviations(after)),
        }
        as_json(facts)
        return
    _tell_changes(found, json=False)
    for one in touches:
        print(f"  {say(one.french, one.english)}")
    _tell_deviations([one for one in policies.deviations(after) if one not in policies.deviations(before)])
    if version is not None:
        print(say(f"Version {version} en vigueur.", f"Version {version} in force."))
    elif not found:
        print(say("Rien ne change.", "Nothing changes."))


@app.command(
    help=say(
        "Les versions d’une académie, la plus récente en haut.", "An academy’s versions, the latest first."
    )
)
def history(academy: WhichAcademy, json: AsJson = False) -> None:
    with told():
        rows = policies.revisions(academy_named(academy))
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        earlier = policies.policy_of_revision(rows[number + 1]) if number + 1 < len(rows) else Policy()
        changed = policies.changes(earlier, policies.policy_of_revision(row))
        facts = {"version": row.number, "at": row.at.isoformat(timespec="seconds"), "actor": row.actor}
        found.append({**facts, "reason": row.reason, "changes": _changes(changed)})
    if json:
        as_json(found)
        return
    for one in found:
        print(f"{one['version']:<4} {one['at']}  {one['actor']}  « {one['reason']} »")
        for change in one["changes"]:
            print(f"     {change['field']}: {_value(change['before'], change['field'])} → {change['after']}")


def _value(value: object, field: str) -> str:
    return say(*value_words(value, field))


def _changes(found: list[Change]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def _facts(found: list[Contradiction] | list[Deviation]) -> list[dict[str, str]]:
    return [asdict(one) for one in found]


def _tell_changes(found: list[Change], json: bool) -> None:
    if json:
        as_json(_changes(found))
        return
    for one in found:
        label = FIELDS[one.field][english()]
        print(f"{one.field:<36} {_value(one.before, one.field)} → {_value(one.after, one.field)}  ({label})")


def _tell_contradictions(found: list[Contradiction]) -> None:
    for one in found:
        complain(f"{one.field or say('fichier', 'file')} : {say(one.french, one.reason)}")


def _tell_deviations(found: list[Deviation]) -> None:
    if found:
        print(say("Écarts aux recommandations :", "Departs from guidance:"))
    for one in found:
        print(f"  {one.field:<30} {say(one.french, one.english)} [{one.reference}]")
