"""One person: what keeps them out, what they came in by, and the acts that help."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from casier.boot.commands.identity.shared import local
from casier.boot.commands.speaking import AsJson, OneAddress, Reason, as_json, operator, told
from casier.boot.words import english, say
from casier.console.acting import Act, do
from casier.console.person import Person, as_plain, letter_facts, person_of, reset_facts
from casier.console.wording import act_words, cause_words
from casier.directory.access import account_with, primary_address
from casier.identity.history import api as history_room

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=say(
        "Montrer l’état d’un compte, ce qui l’empêche d’entrer et ce qu’il a pour entrer ; aucun secret.",
        "Show an account’s state, what keeps it out and what it has to get in with; no secret.",
    )
)
def show(address: OneAddress, json: AsJson = False) -> None:
    with told():
        person = person_of(account_with(address))
    if json:
        as_json(as_plain(person))
    else:
        _tell_person(person)


def _tell_person(person: Person) -> None:
    account = person.account
    language = "en" if english() else "fr"
    print(f"{account.person.full_name}  {person.address}  {account.state}  ({account.academy.slug})")
    for cause in person.causes:
        why, repair = cause_words(cause, language)
        print(f"  ! {why} {repair}")
    none = say("aucune", "none")
    print(say("  Seconds facteurs : ", "  Second factors: ") + (", ".join(person.methods) or none))
    hints = [f"{reach.kind} {reach.hint}" for reach in person.reaches]
    print(say("  Moyens de secours : ", "  Backup means: ") + (", ".join(hints) or none))
    print(say("  Sessions ouvertes : ", "  Open sessions: ") + str(len(person.sessions)))
    for session in person.sessions:
        print(f"    {session.terms.device or '?'}  {session.terms.source}")
    for row in person.sign_ins[:5]:
        print(f"  {local(row.last_at)}  {row.result:<13} {row.source}  {row.device}")
    waiting = [*(reset_facts(row) for row in person.resets), *(letter_facts(row) for row in person.letters)]
    for one in waiting:
        print(say("  En attente : ", "  Waiting: ") + f"{one['id']}  {one['state']}")


def _act(act: Act, address: str, reason: str, json: bool) -> None:
    with told():
        account = account_with(address)
        done = do(act, account, by=operator(), reason=reason)
    facts: dict[str, Any] = {"address": primary_address(account), "did": act.value, "state": done.state}
    facts |= {"sessionsEnded": done.sessions} if act in (Act.SIGN_OUT, Act.SUSPEND) else {}
    if json:
        as_json(facts)
    else:
        print(f"{address}  {act_words(act, 'en' if english() else 'fr').done}")


@app.command(
    help=say(
        "Débloquer : chaque chemin vers le compte se rouvre.", "Unlock: each road to the account opens again."
    )
)
def unlock(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _act(Act.UNLOCK, address, reason, json)


@app.command(help=say("Mettre hors d’accès partout, aussitôt.", "Put out everywhere, at once."))
def suspend(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _act(Act.SUSPEND, address, reason, json)


@app.command(help=say("Lever une suspension.", "Lift a suspension."))
def resume(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _act(Act.RESUME, address, reason, json)


@app.command("sign-out", help=say("Déconnecter partout.", "Sign out everywhere."))
def sign_out(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _act(Act.SIGN_OUT, address, reason, json)


@app.command(
    help=say(
        "Les connexions d’un compte, les plus récentes en haut.", "An account’s sign-ins, the latest first."
    )
)
def history(
    address: OneAddress,
    number: Annotated[
        int, typer.Option("-n", "--number", min=1, max=500, help=say("Combien", "How many"))
    ] = 50,
    json: AsJson = False,
) -> None:
    with told():
        rows = history_room.sign_ins(account_with(address), number)
    if json:
        as_json([history_room.as_facts(row) for row in rows])
        return
    for row in rows:
        place = row.city or row.country or row.source
        times = f"×{row.count}" if row.count > 1 else ""
        print(f"{local(row.last_at)}  {row.result:<13} {times:<5} {place}  {row.device}")
