"""`./casier group`: groups that the directory computes, and whom a rule means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from django.db.models import QuerySet
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, Reason, as_json, complain, operator, told
from casier.boot.words import english, say
from casier.directory.access import academy_named, account_with, school_with
from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account, Network
from casier.groups import actions, api
from casier.groups.actions import GroupWords, Owner
from casier.groups.api import BadRule, Group, Rule, Visibility

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les groupes, calculés de l’annuaire par une règle. Exemple de règle : "
        "« professeurs principaux de 3e et réseau = rouen-centre sauf état = invité ».",
        "Groups, computed from the directory by a rule. Example of a rule: "
        "“main teachers of 3e and network = rouen-centre except state = invited”.",
    ),
)
InThis = Annotated[
    str, typer.Option("--academy", help=say("Nom court de l’académie", "Short name of the academy"))
]
Which = Annotated[
    str, typer.Argument(metavar=say("GROUPE", "GROUP"), help=say("Son nom court", "Its short name"))
]
Name = Annotated[str, typer.Option(help=say("Le nom que l’on lit", "The name that is read"))]
RuleText = Annotated[
    str, typer.Option("--rule", metavar=say("RÈGLE", "RULE"), help=say("De qui il est fait", "Whom it holds"))
]
About = Annotated[
    str, typer.Option("--description", help=say("À quoi il sert", "What it is for"), show_default=False)
]
Seen = Annotated[
    Visibility | None,
    typer.Option(
        "--visibility",
        help=say(
            "Qui en sait les membres : les charges, les membres, l’académie",
            "Who may know its members: offices, members, the academy",
        ),
    ),
]
MOST_SHOWN = 50


@app.command("list", help=say("Lister les groupes.", "List the groups."))
def list_groups(academy: InThis, json: AsJson = False) -> None:
    with told():
        found = [_facts(group) for group in api.live(academy_named(academy))]
    if json:
        as_json(found)
        return
    for one in found:
        print(f"{one['slug']:<24} {one['members']:>6}  {one['name']}")


@app.command(
    help=say("Un groupe : sa règle, en mots, son effectif.", "A group: its rule, in words, its size.")
)
def show(group: Which, academy: InThis, json: AsJson = False) -> None:
    with _explained():
        row = api.group_named(academy_named(academy), group)
        facts = _facts(row) | {"usedBy": api.used_by(row)}
    if json:
        as_json(facts)
        return
    lines = [facts["name"], facts["description"], facts["rule"], facts["words"]]
    print("\n".join(line for line in lines if line))
    print(say(f"Membres : {facts['members']}", f"Members: {facts['members']}"))
    for use in facts["usedBy"]:
        print(say(f"Utilisé par : {use}", f"Used by: {use}"))


@app.command(help=say("Les membres d’un groupe, aujourd’hui.", "The members of a group, today."))
def members(group: Which, academy: InThis, json: AsJson = False) -> None:
    with _explained():
        people = _people(api.members_of(api.group_named(academy_named(academy), group)))
    if json:
        as_json(people)
        return
    for one in people:
        print(f"{one['name']:<40} {one['address']}")


@app.command(
    help=say(
        "Essayer une règle, sans rien garder. Exemple : group check 'fonction = DIR et département = 76' "
        "--academy normandie",
        "Try a rule; nothing is kept. Example: group check 'function = DIR and department = 76' "
        "--academy normandie",
    )
)
def check(
    rule: Annotated[str, typer.Argument(metavar=say("RÈGLE", "RULE"), help=say("La règle", "The rule"))],
    academy: InThis,
    person: Annotated[
        str,
        typer.Option(
            "--why",
            metavar=say("ADRESSE", "ADDRESS"),
            help=say("Pourquoi cette personne en est ou non", "Why this person is in it or not"),
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    with _explained(rule):
        where, parsed = academy_named(academy), api.parse(rule)
        facts = _checked(parsed, where)
        if person:
            facts["why"] = _why(parsed, where, person)
    if json:
        as_json(facts)
        return
    print(facts["words"])
    print(say(f"Membres : {facts['members']}", f"Members: {facts['members']}"))
    for one in facts["unknown"]:
        near = say(f" : peut-être « {one['near']} »", f": maybe “{one['near']}”") if one["near"] else ""
        complain(
            say(f"Rien dans l’annuaire : « {one['value']} »", f"Not in the directory: “{one['value']}”")
            + near
        )
    for line in facts.get("why", []):
        print("  " * line["depth"] + ("+ " if line["holds"] else "- ") + line["rule"])
    for one in facts["first"]:
        print(f"{one['name']:<40} {one['address']}")


@app.command(help=say("Créer un groupe.", "Create a group."))
def create(
    group: Which,
    academy: InThis,
    name: Name,
    rule: RuleText,
    description: About = "",
    visibility: Seen = None,
    school: Annotated[
        str, typer.Option(metavar="UAI", help=say("Groupe de cet établissement", "A group of this school"))
    ] = "",
    department: Annotated[
        str, typer.Option(help=say("Groupe de ce département", "A group of this department"))
    ] = "",
    network: Annotated[str, typer.Option(help=say("Groupe de ce réseau", "A group of this network"))] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with _explained(rule):
        where = academy_named(academy)
        words = GroupWords(name, rule, description, visibility or Visibility.OFFICES)
        row = actions.create_group(
            where, group, words, owner=_owner(where, school, department, network), by=operator(),
            reason=reason, now=timezone.now(),
        )  # fmt: skip
    _tell(row, json)


@app.command(
    help=say("Changer un groupe : ce qui n’est pas dit reste.", "Change a group: what isn’t said stays.")
)
def change(
    group: Which,
    academy: InThis,
    name: Name = "",
    rule: RuleText = "",
    description: Annotated[str | None, typer.Option(help=say("À quoi il sert", "What it is for"))] = None,
    visibility: Seen = None,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with _explained(rule):
        row = api.group_named(academy_named(academy), group)
        words = GroupWords(
            name or row.name,
            rule or row.rule,
            row.description if description is None else description,
            visibility or Visibility(row.visibility),
        )
        row = actions.change_group(row, words, by=operator(), reason=reason, now=timezone.now())
    _tell(row, json)


@app.command(help=say("Supprimer un groupe que rien n’utilise.", "Remove a group that nothing uses."))
def remove(group: Which, academy: InThis, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        row = api.group_named(academy_named(academy), group)
        actions.remove_group(row, by=operator(), reason=reason, now=timezone.now())
    if json:
        as_json({"slug": row.slug, "academy": row.academy.slug, "removed": True})
    else:
        print(say("Supprimé.", "Removed."))


@contextmanager
def _explained(rule: str = "") -> Iterator[None]:
    """`told`, with the place of what can't be read shown under the rule."""
    with told():
        try:
            yield
        except BadRule as error:
            line = " ".join(rule.splitlines())
            if line and len(line) <= 200:
                complain(f"{line}\n{' ' * error.position}{'^' * max(error.length, 1)}")
            complain(f"{say(error.french, error.english)} [{error.code}]")
            raise typer.Exit(1) from error


def _owner(academy: Academy, uai: str, department: str, slug: str) -> Owner:
    if sum(map(bool, (uai, department, slug))) > 1:
        raise actions.BadGroup("One owner: a school, a department or a network.", field="owner")
    school = school_with(uai) if uai else None
    if school and school.academy_id != academy.pk:
        raise NotFound(f"No school of {academy.slug} has the UAI {school.uai}.", uai=school.uai)
    network = Network.objects.filter(academy=academy, slug=slug).first() if slug else None
    if slug and network is None:
        raise NotFound(f"No network of {academy.slug} is called {slug!r}.", slug=slug)
    return Owner(school, department.upper(), network)


def _checked(rule: Rule, academy: Academy) -> dict[str, Any]:
    today = timezone.localdate()
    people = api.accounts_of(rule, academy, today)
    return {
        "rule": api.unparse(rule),
        "words": _in_words(rule),
        "members": people.count(),
        "first": _people(people, MOST_SHOWN),
        "unknown": [
            {"value": value, "near": near} for value, near in api.unknown_values(rule, academy, today)
        ],
    }


def _why(rule: Rule, academy: Academy, address: str) -> list[dict[str, Any]]:
    account = account_with(address)
    if account.academy_id != academy.pk:
        raise NotFound("The account is another academy’s.", address=address)
    return [
        {"rule": line.rule, "holds": line.holds, "depth": line.depth, "elsewhere": line.elsewhere}
        for line in api.why(rule, account, timezone.localdate())
    ]


def _people(rows: QuerySet[Account], most: int | None = None) -> list[dict[str, str]]:
    return [
        {"name": one.name, "address": one.address, "id": one.id.replace("-", "")}
        for one in api.listed(rows, most)
    ]


def _in_words(rule: Rule) -> str:
    return api.in_words(rule, "en" if english() else "fr")


def _tell(group: Group, json: bool) -> None:
    facts = _facts(group)
    if json:
        as_json(facts)
    else:
        print(f"{facts['slug']}  {facts['rule']}")
        print(say(f"Membres : {facts['members']}", f"Members: {facts['members']}"))


def _facts(group: Group) -> dict[str, Any]:
    rule = api.rule_of(group)
    return {
        "slug": group.slug,
        "academy": group.academy.slug,
        "name": group.name,
        "description": group.description,
        "rule": group.rule,
        "words": _in_words(rule),
        "members": api.members_of(group).count(),
        "visibility": str(group.visibility),
        "school": group.school.uai if group.school else "",
        "department": group.department,
        "network": group.network.slug if group.network else "",
        "changedAt": group.changed_at.isoformat(timespec="seconds"),
        "changedBy": group.changed_by,
    }
