"""`./casier app-password …`: application passwords from the server's command line."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from casier.audit.api import Actor
from casier.directory.access import account_with, primary_address
from casier.identity.api import Protocol, create_app_password, live_app_passwords, revoke_app_password
from casier.identity.models import AppPassword
from casier.kernel.errors import CasierError

app = typer.Typer(no_args_is_help=True, help="Application passwords of mail programs: one for each device.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WhichAddress = Annotated[str, typer.Argument(metavar="ADDRESS", help="An address of the account.")]


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence on standard error and the exit code 1, never a traceback."""
    try:
        yield
    except CasierError as error:
        typer.echo(f"{error} [{error.reference}]", err=True)
        raise typer.Exit(1) from None


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())


def _facts(row: AppPassword) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "name": row.name,
        "protocols": row.protocols,
        "created": row.created_at.isoformat(timespec="seconds"),
    }


@app.command()
def create(
    address: WhichAddress,
    name: Annotated[str, typer.Option("--name", help="The device, as its owner calls it.")],
    protocol: Annotated[
        list[Protocol] | None, typer.Option("--protocol", help="May be given several times; all by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an application password and print it: the only time that it can be read."""
    with _refusals():
        account = account_with(address)
        made = create_app_password(account, name, _operator(), protocol or list(Protocol))
    facts = {"password": made.password.reveal(), "address": primary_address(account), **_facts(made.row)}
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else facts["password"])


@app.command("list")
def list_(address: WhichAddress, as_json: AsJson = False) -> None:
    """List the application passwords that work."""
    with _refusals():
        rows = [_facts(row) for row in live_app_passwords(account_with(address))]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['created']}  {row['name']}")


@app.command()
def revoke(
    address: WhichAddress,
    app_password_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """End an application password; what it opened is cut."""
    with _refusals():
        row = revoke_app_password(account_with(address), app_password_id, _operator())
    typer.echo(json.dumps(_facts(row), ensure_ascii=False) if as_json else f"{row.name}: revoked")
