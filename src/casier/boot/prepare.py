"""`python -m casier.boot.prepare`, before the parts start: database, static files, the engines' facts.

One process for all of it, because starting Django costs more than the work.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from casier.boot.words import say
from casier.engines.engine import facts_file
from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance


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
        sys.exit(f"{error} ({error.reference}) – {said}")
    write_facts(instance)
    print(done)


def main(arguments: list[str]) -> None:
    """Migrate, gather static files, write the facts; `--demo` loads the demonstration, `--facts` tells."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django
    from django.core.management import call_command

    django.setup()
    from casier.boot.migrating import StillHeld, patiently

    if "--demo" in arguments:
        _load_demo(Instance.load())
        return
    if "--facts" in arguments:
        write_facts(Instance.load())
        return
    try:
        patiently(lambda: call_command("migrate", interactive=False, verbosity=0))
    except StillHeld as error:
        sys.exit(str(error))
    call_command("collectstatic", interactive=False, verbosity=0)
    write_facts(Instance.load())


if __name__ == "__main__":
    main(sys.argv[1:])
