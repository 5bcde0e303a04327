"""`python -m casier.boot.prepare`, before the parts start: database, static files, the engines' facts.

One process for all of it, because starting Django costs more than the work.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

from casier.boot.database_trouble import explain
from casier.boot.platform_commands import SAID
from casier.boot.words import say
from casier.engines.engine import facts_file
from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance, InstanceError


def write_facts(instance: Instance) -> bool:
    """Tell the engines which domains and hosts the directory holds. Return whether that changed."""
    from casier.directory.models import MailDomain, WebHost

    known: dict[str, Any] = {
        "domains": sorted(MailDomain.objects.values_list("name", flat=True)),
        "hosts": sorted({"localhost", *WebHost.objects.values_list("host", flat=True)}),
    }
    path = facts_file(instance)
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    # what an administrator wrote beside (public_host, resolvers) stays
    wanted = {**before, **known}
    if wanted == before:
        return False
    staging = path.with_name(f".{path.name}.new")
    staging.write_text(json.dumps(wanted, ensure_ascii=False, indent=2, sort_keys=True), "utf-8")
    staging.rename(path)
    return True


def _load_demo(instance: Instance) -> None:
    """Load what is missing of the demonstration, while the parts run, and tell the engines of its domains."""
    from casier.demo.loading import ensure

    try:
        done = ensure(instance)
    except CasierError as error:
        said = say("le prochain démarrage reprendra là", "the next start goes on from there")
        _say(f"{error} ({error.reference}) – {said}")
    write_facts(instance)
    print(done)


def main(arguments: list[str]) -> None:
    """Migrate, gather static files, write the facts; `--demo` loads the demonstration, `--facts` tells.

    Exits with SAID where the database is in the way, having told what to do about it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django
    from django.db import (
        DatabaseError,
        DataError,
        IntegrityError,
        InterfaceError,
        InternalError,
        ProgrammingError,
        connection,
    )

    from casier.boot.migrating import StillHeld

    try:
        django.setup()
        _work(arguments)
    except (InstanceError, StillHeld) as error:
        _say(str(error))
    except (DatabaseError, InterfaceError) as error:
        trouble = explain(error, connection.settings_dict)
        ours = isinstance(error, DataError | IntegrityError | InternalError | ProgrammingError)
        if ours and not trouble.of_rights:  # a fault of the program: its trace tells more
            raise
        _say(str(trouble))


def _work(arguments: list[str]) -> None:
    from django.core.management import call_command

    from casier.boot.migrating import patiently

    if "--demo" in arguments:
        return _load_demo(Instance.load())
    if "--facts" not in arguments:
        patiently(lambda: call_command("migrate", interactive=False, verbosity=0))
        call_command("collectstatic", interactive=False, verbosity=0)
    write_facts(Instance.load())
    return None


def _say(text: str) -> NoReturn:
    print(text)
    sys.exit(SAID)


if __name__ == "__main__":
    main(sys.argv[1:])
