"""`./casier identity`: a person's access, as the console shows and changes it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import (
    AsJson,
    InAcademy,
    OneAddress,
    Reason,
    as_json,
    operator,
    told,
)
from casier.boot.words import english, say
from casier.console.acting import Act, do
from casier.console.person import Person, as_plain, letter_facts, person_of, reset_facts
from casier.console.wording import act_words, cause_words
from casier.directory.access import academy_named, account_by_id, account_with, primary_address
from casier.directory.errors import NotFound
from casier.directory.models import Academy
from casier.identity.guard import api as guard
from casier.identity.history import api as history_room
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Check

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "L’accès d’une personne : pourquoi elle n’entre pas, et ce qui l’aide.",
        "A person’s access: why they can’t get in, and what helps.",
    ),
)
OneId = Annotated[
    str, typer.Argument(metavar="ID", help=say("Celui que montre la liste", "As lists show it"))
]


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
        print(
            f"  {timezone.localtime(row.last_at):%Y-%m-%d %H:%M}  {row.result:<13} {row.source}  {row.device}"
        )
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
        found = [reset_facts(row) for one in _academies(academy) for row in recovery.pending_resets(one)]
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


@app.command(
    help=say(
        "Demander une lettre sécurisée. Exemple : identity letter jean.martin@ac-rouen.fr "
        "--line '12 rue du Port' --line '76000 Rouen' --reason R",
        "Ask for a secured letter. Example: identity letter jean.martin@ac-rouen.fr "
        "--line '12 rue du Port' --line '76000 Rouen' --reason R",
    )
)
def letter(
    address: OneAddress,
    reason: Reason,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", help=say("Une ligne de l’adresse postale", "A line of the postal address")),
    ] = None,
    factors: Annotated[
        bool,
        typer.Option("--factors", help=say("Vaut aussi pour le second facteur", "Stands for the factor too")),
    ] = False,
    json: AsJson = False,
) -> None:
    with told():
        row = recovery.ask_letter(
            account_with(address), operator(), reason, address=line or [], resets_factors=factors
        )
    _tell_letters([letter_facts(row)], json)


@app.command(help=say("Lister les lettres.", "List the letters."))
def letters(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        found = [letter_facts(row) for one in _academies(academy) for row in recovery.letters(one)]
    _tell_letters(found, json)


@app.command(
    "print-letters",
    help=say(
        "Écrire les lettres en un PDF sur la sortie standard : identity print-letters ID… > lettres.pdf",
        "Write letters as one PDF to standard output: identity print-letters ID… > letters.pdf",
    ),
)
def print_letters(letter_ids: Annotated[list[str], typer.Argument(metavar="ID…")]) -> None:
    with told():
        pdf = recovery.print_letters(letter_ids, operator())
    sys.stdout.buffer.write(pdf)


@app.command(help=say("Une lettre est partie.", "A letter has left."))
def posted(letter_id: OneId, json: AsJson = False) -> None:
    with told():
        row = recovery.mark_posted(letter_id, operator())
    _tell_letters([letter_facts(row)], json)


@app.command(
    "revoke-letter", help=say("Une lettre ne vaut plus rien.", "A letter is worth nothing any more.")
)
def revoke_letter(letter_id: OneId, reason: Reason, json: AsJson = False) -> None:
    with told():
        row = recovery.revoke_letter(letter_id, operator(), reason)
    _tell_letters([letter_facts(row)], json)


def _tell_letters(found: list[dict[str, Any]], json: bool) -> None:
    if json:
        as_json(found)
        return
    for one in found:
        print(f"{one['id']}  {one['state']:<9} {one['address']}  {one['expiresAt'] or ''}")


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
        print(f"{_local(row.last_at)}  {row.result:<13} {times:<5} {place}  {row.device}")


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
        found = [_block(one) for where in _academies(academy) for one in guard.active_blocks(where)]
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
        found = [_wave(wave) for where in _academies(academy) for wave in guard.waves(where)]
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
        rows = [row for where in _academies(academy) for row in history_room.reports(where)]
    if json:
        as_json([history_room.as_facts(row) for row in rows])
        return
    for row in rows:
        print(f"{row.reference}  {_local(row.at)}  {primary_address(row.account)}  {row.event}")


def _academies(slug: str) -> list[Academy]:
    return [academy_named(slug)] if slug else list(Academy.objects.order_by("slug"))


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _moment(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None
