"""`./casier trace`: what became of somebody's messages, without a word of what stands in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, OneAddress, Reason, as_json, complain, operator, told
from casier.boot.words import english, say
from casier.directory.access import owner_with
from casier.directory.errors import NotFound
from casier.trace.following import Answer, Followed
from casier.trace.looking import LONGEST_HOURS, Asked, look, look_for_nobodys
from casier.trace.words import UNREAD, in_words

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    subcommand_metavar="",
    # The one command of this group: its options may stand after the address.
    context_settings={"allow_interspersed_args": True},
    help=say("Suivi des messages : ce qu’ils sont devenus", "Trace of messages: what became of them"),
)


@app.callback(
    invoke_without_command=True,
    help=say(
        """Dire ce que sont devenus les messages d’une adresse : arrivés, analysés, rangés, envoyés, refusés
et pourquoi. Le contenu n’est jamais lu ; la consultation est inscrite au journal.

\b
Exemples :
  ./casier trace claire.lefevre@ac-rouen.fr --reason "appel 1234"
  ./casier trace claire.lefevre@ac-rouen.fr --hours 72 --with papa@exemple.fr --reason "appel 1234"
  ./casier trace claire.lefevre@ac-rouen.fr --until 2026-11-20T14:30 --hours 2 --reason "appel 1234"

Une adresse que personne n’a (mal écrite, ou d’ailleurs) peut être suivie aussi.""",
        """Tell what became of an address's messages: came, scanned, filed, sent, refused and why. No
content is read; looking is written in the journal.

\b
Examples:
  ./casier trace claire.lefevre@ac-rouen.fr --reason "call 1234"
  ./casier trace claire.lefevre@ac-rouen.fr --hours 72 --with dad@example.org --reason "call 1234"
  ./casier trace claire.lefevre@ac-rouen.fr --until 2026-11-20T14:30 --hours 2 --reason "call 1234"

An address that nobody has (misspelt, or somewhere else) can be followed, too.""",
    ),
)
def trace(
    address: OneAddress,
    reason: Reason,
    hours: Annotated[
        int,
        typer.Option(
            "--hours",
            min=1,
            max=LONGEST_HOURS,
            help=say("Depuis combien d’heures", "How many hours back"),
        ),
    ] = 24,
    other: Annotated[
        str,
        typer.Option(
            "--with", help=say("Seulement avec ce correspondant", "Only with this correspondent"),
            metavar=say("ADRESSE", "ADDRESS"),
        ),
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="AAAA-MM-JJTHH:MM",
            help=say("Jusqu’à ce moment (heure d’ici) ; sinon maintenant", "Up to this moment; else now"),
        ),
    ] = "",
    json: AsJson = False,
) -> None:  # fmt: skip
    asked = Asked(hours, other, _moment_of(until))
    with told():
        answer = _look(address, asked, reason)
    if json:
        as_json(
            {
                "messages": [_facts(message) for message in answer.messages],
                "more": answer.more,
                "unread": list(answer.unread),
                "begins": answer.begins.astimezone(UTC).isoformat(timespec="seconds")
                if answer.begins
                else None,
            }
        )
        return
    for message in answer.messages:
        _show(message)
    for name in answer.unread:
        complain(UNREAD[name][1 if english() else 0])
    if answer.begins:
        since = f"{timezone.localtime(answer.begins):%Y-%m-%d %H:%M}"
        complain(
            say(
                f"Le journal ne remonte qu’au {since} : avant, rien n’est connu.",
                f"The log goes back to {since} only: of what lies before nothing is known.",
            )
        )
    if not answer.messages and not answer.knows_nothing:
        print(say("Aucun message dans ce temps.", "No message in this time."))
    if answer.more:
        complain(say("Il y en a d’autres : réduisez le temps.", "There are more: take a shorter time."))


def _look(address: str, asked: Asked, reason: str) -> Answer:
    by, now = operator(), timezone.now()
    try:
        owner = owner_with(address)
    except NotFound:
        if "@" not in address:
            raise
        return look_for_nobodys(address, asked, by=by, reason=reason, now=now)
    return look(owner, asked, by=by, reason=reason, now=now)


def _moment_of(text: str) -> datetime | None:
    """The moment TEXT, here; None for ""."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            say("écrivez 2026-11-20T14:30", "write 2026-11-20T14:30"), param_hint="--until"
        ) from error
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _show(message: Followed) -> None:
    french = not english()
    at = timezone.localtime(message.at)
    to = ", ".join(message.recipients[:5]) + (", …" if len(message.recipients) > 5 else "")
    print(f"{at:%Y-%m-%d %H:%M:%S}  {message.sender or '<>'} → {to or '?'}  {message.message_id}")
    for event in message.events:
        print(f"    {timezone.localtime(event.at):%H:%M:%S}  {in_words(event, french=french)}")


def _facts(message: Followed) -> dict[str, Any]:
    events = [
        {
            "at": _moment(event.at),
            "kind": event.kind.value,
            **event.facts,
        }
        for event in message.events
    ]
    # Not `asdict`: it copies what it finds, and a zone that was read from a file can't be copied.
    return {
        "queue": message.queue,
        "message_id": message.message_id,
        "sender": message.sender,
        "size": message.size,
        "recipients": message.recipients,
        "events": events,
    }
