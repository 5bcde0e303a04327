"""`./casier account`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.audit.api import Actor
from casier.boot.commands import many
from casier.boot.commands.choosing import EVERYBODY, by_filter, check_names
from casier.boot.commands.speaking import (
    AsJson,
    InAcademy,
    OneAddress,
    Reason,
    as_json,
    operator,
    secret_line,
    told,
)
from casier.boot.words import say
from casier.console.many.filters import Filter, chosen
from casier.directory import actions
from casier.directory.access import academy_named, account_with, primary_address, school_with
from casier.directory.importing import parse_day
from casier.directory.models import Account
from casier.directory.numen import parse_numen
from casier.kernel.secret import Secret

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les comptes. NUMEN et mot de passe se lisent sur l’entrée standard, une ligne chacun, en cet ordre.",
        "Accounts. The NUMEN and the password are read from standard input, a line each, in this order.",
    ),
)

app.add_typer(many.app, name="many")


@app.command(
    help=say(
        "Créer un compte et afficher son adresse. Exemple : account create --academy rouen "
        "--given-name Jean --family-name Martin --school 0761234V --function ENS",
        "Create an account and print its address. Example: account create --academy rouen "
        "--given-name Jean --family-name Martin --school 0761234V --function ENS",
    )
)
def create(
    academy: Annotated[str, typer.Option(help=say("Nom court de l’académie", "Short name of the academy"))],
    given_name: Annotated[
        str, typer.Option("--given-name", metavar=say("PRÉNOM", "NAME"), help=say("Prénom", "Given name"))
    ],
    family_name: Annotated[
        str, typer.Option("--family-name", metavar=say("NOM", "NAME"), help=say("Nom d’usage", "Family name"))
    ],
    school: Annotated[
        str,
        typer.Option(
            "--school", metavar="UAI", help=say("Établissement d’affectation", "School of the posting")
        ),
    ] = "",
    function: Annotated[
        str,
        typer.Option(
            "--function",
            metavar="CODE",
            help=say("Fonction : ENS, DIR, DOC, EDU, ADF…", "Function: ENS, DIR, DOC, EDU, ADF…"),
        ),
    ] = "",
    numen_stdin: Annotated[
        bool,
        typer.Option(
            "--numen-stdin",
            help=say("Lire le NUMEN sur l’entrée standard", "Read the NUMEN from standard input"),
        ),
    ] = False,
    birth_date: Annotated[
        str,
        typer.Option(
            "--birth-date",
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Distingue deux homonymes", "Tells two people of one name apart"),
        ),
    ] = "",
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help=say(
                "Lire le mot de passe sur l’entrée standard ; le compte est alors ouvert",
                "Read the password from standard input; the account is then open",
            ),
        ),
    ] = False,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        numen = parse_numen(secret_line()) if numen_stdin else None
        password = Secret(secret_line()) if password_stdin else None
        new = actions.NewAccount(
            given_name=given_name,
            family_name=family_name,
            school=school_with(school) if school else None,
            function=function.upper(),
            numen=numen,
            birth_date=parse_day(birth_date),
        )
        account = _create(academy, new, password, reason)
    if json:
        as_json(facts(account))
    else:
        print(primary_address(account))


def _create(academy: str, new: actions.NewAccount, password: Secret | None, reason: str) -> Account:
    """The account, with its password when one was given: all or nothing."""
    from django.db import transaction

    from casier.identity.api import set_password

    now, by = timezone.now(), operator()
    with transaction.atomic():
        account = actions.create_account(academy_named(academy), new, by=by, reason=reason, now=now)
        if password is not None:
            set_password(account, password, by, reason)
            account = actions.activate(account, by=by, reason=reason, now=now)
    return account


@app.command(
    "list",
    help=say(
        "Lister les comptes, par les mêmes critères que les listes de la console.",
        "List accounts, by what the lists of the console know.",
    ),
)
@by_filter
def list_accounts(
    academy: InAcademy = "",
    wanted: Filter = EVERYBODY,
    json: AsJson = False,
) -> None:
    accounts = Account.objects.select_related("academy", "person", "store").order_by("mailbox_key")
    with told():
        where = academy_named(academy) if academy else None
        if where:
            accounts = accounts.filter(academy=where)
        check_names(wanted, where)
        # Without a criterion all are listed, erased ones too.
        accounts = chosen(accounts, wanted, where, timezone.now()) if wanted.facts else accounts
    if json:
        as_json([facts(account) for account in accounts.prefetch_related("addresses")])
        return
    for account in accounts.iterator():
        print(f"{primary_address(account):<44} {account.state:<10} {account.person.full_name}")


@app.command(help=say("Montrer un compte.", "Show an account."))
def show(address: OneAddress, json: AsJson = False) -> None:
    with told():
        account = account_with(address)
    values = facts(account)
    if json:
        as_json(values)
        return
    for name, value in values.items():
        print(f"{name:<14} {', '.join(value) if isinstance(value, list) else value}")


@app.command(
    help=say(
        "Suspendre : dehors partout en une seconde ; le courrier continue d’arriver.",
        "Suspend: out everywhere within a second; mail is still received.",
    )
)
def suspend(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _change(address, actions.suspend, reason, json)


@app.command(help=say("Lever une suspension.", "Lift a suspension."))
def resume(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _change(address, actions.resume, reason, json)


@app.command(
    help=say(
        "Fermer ; l’adresse reste réservée, la boîte gardée le temps que dit la politique (voir life).",
        "Close; the address stays reserved, the mailbox kept as long as the policy says (see life).",
    )
)
def close(address: OneAddress, reason: Reason, json: AsJson = False) -> None:
    _change(address, shut, reason, json)


@app.command(
    "import",
    help=say(
        "Créer les comptes d’un fichier CSV (prenom;nom;uai;fonction;date_naissance;numen). "
        "--dry-run dit, ligne par ligne, ce qui se passerait.",
        "Create the accounts of a CSV file (given_name;family_name;uai;function;birth_date;numen). "
        "--dry-run tells, line by line, what would happen.",
    ),
)
def import_csv(
    file: Annotated[typer.FileBinaryRead, typer.Argument(metavar=say("FICHIER.csv", "FILE.csv"))],
    academy: Annotated[
        str,
        typer.Option(
            "--academy",
            help=say(
                "Nom court de l’académie ; inutile s’il n’y en a qu’une",
                "Short name of the academy; not needed where there is one only",
            ),
        ),
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help=say("Dire seulement ce qui serait fait", "Only tell what would be done")
        ),
    ] = False,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait/--no-wait", help=say("Attendre que les boîtes existent", "Wait for the mailboxes")
        ),
    ] = True,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    from casier.boot.commands.importing import Options, run

    with told():
        code = run(file.read(), Options(academy, dry_run, wait, reason, json))
    raise typer.Exit(code)


@app.command(
    help=say(
        "Inviter à activer : une feuille par personne, avec ce que la politique de l’académie demande. "
        "Le code ou le mot de passe temporaire n’est lisible qu’ici ; le précédent ne vaut plus rien. "
        "Exemple : account invite --school 0769201N --pdf feuilles.pdf --reason 'Rentrée'",
        "Invite to activate: a sheet for each person, with what the academy's policy asks. The code or "
        "temporary password can be read here only; the one before is worth nothing any more. "
        "Example: account invite --school 0769201N --pdf sheets.pdf --reason 'New term'",
    )
)
def invite(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(metavar=say("ADRESSE…", "ADDRESS…"), help=say("Des comptes", "Accounts")),
    ] = None,
    school: Annotated[
        str,
        typer.Option(
            "--school",
            metavar="UAI",
            help=say("Tous les invités d’un établissement", "All who are invited in a school"),
        ),
    ] = "",
    all_invited: Annotated[
        bool,
        typer.Option(
            "--all-invited",
            help=say("Tous ceux qui n’ont pas activé leur compte", "All who haven't opened their account"),
        ),
    ] = False,
    academy: InAcademy = "",
    pdf: Annotated[
        str,
        typer.Option(
            "--pdf",
            metavar=say("FICHIER", "FILE"),
            help=say(
                "Écrire les feuilles dans ce fichier, ou « - » pour la sortie standard ; les secrets n’y "
                "sont que là",
                "Write the sheets into this file, or ‘-’ for standard output; secrets are only there",
            ),
        ),
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help=say("Langue des feuilles : fr, en", "Of the sheets: fr, en"))
    ] = "fr",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    from casier.boot.commands.inviting import Asked, run

    asked = Asked(tuple(addresses or ()), school, all_invited, academy, pdf, language, reason, json)
    with told():
        code = run(asked)
    raise typer.Exit(code)


def shut(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """The same as when the day of a departure has come."""
    from casier.life.api import close as shut_now

    return shut_now(account, by=by, reason=reason, now=now).account


def _change(address: str, action: Callable[..., Account], reason: str, json: bool) -> None:
    with told():
        account = action(account_with(address), by=operator(), reason=reason, now=timezone.now())
        account = account_with(account.public_id)
    if json:
        as_json(facts(account))
    else:
        print(f"{address}  {account.state}")


def facts(account: Account) -> dict[str, Any]:
    """An account as programs read it. No NUMEN, no birth date: they are nobody's business here."""
    addresses = [
        row.address for row in account.addresses.all() if row.retired_at is None and not row.is_primary
    ]
    return {
        "address": primary_address(account),
        "id": account.public_id,
        "state": account.state,
        "name": account.person.full_name,
        "academy": account.academy.slug,
        "aliases": sorted(addresses),
        "mailboxKey": account.mailbox_key,
        "store": account.store.name,
        "provisioned": account.provisioned_at is not None,
    }
