"""What the rig's target needs from an instance of its own; run by the platform's Python (see rig_target.py).

    python bench/rig_instance.py accounts USER…     as the platform's user, while the instance runs
    python bench/rig_instance.py programs           as root, while it doesn't: prepare, print what to start

The instance's folder comes from CASIER_INSTANCE.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from casier.kernel.instance import Instance
from casier.kernel.secret import Secret

DOMAIN, HOST = "rig.test", "rig.localhost"
PASSWORD = "Banc-Mesure-Horloge-2048"
# What a part's cost is counted as. Only `mta` is left out of the rig's totals.
GROUPS = {
    "nginx": "web", "edge": "web", "relay": "web", "web": "web", "worker": "web", "watch": "web",
    "cyrus": "engine", "agent": "engine", "syslog": "engine",
    "redis": "db", "rspamd": "filter", "clamav": "filter", "postfix": "mta",
}  # fmt: skip


def accounts(users: list[str]) -> None:
    """An academy without the delay for undoing, and an account for each of USERS; wait for the mailboxes."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django

    django.setup()
    from django.utils import timezone

    from casier.audit.api import Actor
    from casier.directory import actions
    from casier.directory.models import Academy, Account, Address
    from casier.identity.activation.api import accept_all
    from casier.identity.api import set_password
    from casier.policies.policy import Activation, Mail, Policy

    by, now, why = Actor.system("rig"), timezone.now(), "measuring"
    # Nothing between the password and the mail: what the others have is measured beside it.
    policy = Policy(mail=Mail(undo_seconds=0), activation=Activation(record_recovery=False))
    academy = Academy.objects.filter(slug="rig").first() or actions.create_academy(
        actions.NewAcademy("rig", "Rig", "#1B5E57", (DOMAIN,), (HOST,), policy),
        by=by, reason=why, now=now,
    )  # fmt: skip
    for user in users:
        address = f"{user}@{DOMAIN}"
        if Address.objects.filter(address=address).exists():
            continue
        new = actions.NewAccount(given_name="Banc", family_name=user, address=address)
        account = actions.create_account(academy, new, by=by, reason=why, now=now)
        set_password(account, Secret(PASSWORD), by, why)
        account = actions.activate(account, by=by, reason=why, now=now)
        accept_all(account, by, now)
    until = time.monotonic() + 120
    while Account.objects.filter(provisioned_at=None).exists():
        if time.monotonic() > until:
            raise SystemExit("mailboxes were not made in time")
        time.sleep(0.2)


def programs() -> None:
    """Prepare the instance as a start does and print each part: name, group, command, environment, folder."""
    from rich.console import Console

    from casier.boot.progress import Progress
    from casier.boot.start import Options, _prepare
    from casier.engines.supervise.programs import _with_prelude, mark, prelude, program

    given = Instance.load()
    options = Options(given.root, ROOT, None, None, True, False)
    instance, parts = _prepare(options, Progress(Console(stderr=True)))
    rows = []
    for part in parts:
        one = program(part, instance)
        environment = dict(one.environment) | {prelude.PART_ENV: mark(instance, one.name)}
        rows.append(
            {
                "name": one.name,
                "group": GROUPS[one.name],
                "argv": _with_prelude(one, instance),
                "env": environment,
                "cwd": one.directory,
                "after": list(one.after),
                "ready": _ready_file(instance, part),
            }
        )
    print(json.dumps(rows))


def _ready_file(instance: Instance, part: object) -> str:
    probe = getattr(part, "probe_socket", "")
    return str(instance.run / probe) if probe else ""


if __name__ == "__main__":
    {"accounts": accounts, "programs": lambda _: programs()}[sys.argv[1]](sys.argv[2:])
