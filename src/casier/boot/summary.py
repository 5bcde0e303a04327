"""What a start prints at its end."""

from __future__ import annotations

import importlib
import importlib.util

from casier.boot.progress import Progress
from casier.boot.words import say
from casier.engines.engine import Facts
from casier.kernel.instance import Instance, Port


def urls(instance: Instance, host: str = "localhost") -> dict[str, str]:
    """The five public doors, as `./casier status --json` names them."""
    return {
        "web": f"https://{host}:{instance.port(Port.WEB)}/",
        "imaps": f"imaps://{host}:{instance.port(Port.IMAPS)}",
        "smtps": f"smtps://{host}:{instance.port(Port.SMTPS)}",
        "submission": f"smtp://{host}:{instance.port(Port.SUBMISSION)}",
        "smtp": f"smtp://{host}:{instance.port(Port.SMTP)}",
    }


def print_summary(instance: Instance, progress: Progress, *, demo: bool, detached: bool) -> None:
    """Addresses, ports, certificate, demo accounts."""
    console = progress.console
    doors = urls(instance)
    console.print()
    console.print(f"[bold]{say('Casier est prêt', 'Casier is ready')}[/bold]")
    console.print(f"  Web         {doors.pop('web')}")
    for host in Facts.load(instance).hosts:
        if host != "localhost":
            console.print(f"              https://{host}:{instance.port(Port.WEB)}/")
    for name, url in doors.items():
        console.print(f"  {name.upper() if name != 'submission' else 'Submission':<11} {url}")
    console.print(f"  {say('Autorité', 'Authority'):<11} {instance.tls / 'ca.pem'}")
    if demo and importlib.util.find_spec("casier.demo.accounts"):
        _print_accounts(progress)
    console.print()
    end = "./casier stop" if detached else say("Ctrl-C arrête tout", "Ctrl-C stops everything")
    console.print(f"[dim]{end} · ./casier status · ./casier logs[/dim]")


def _print_accounts(progress: Progress) -> None:
    accounts = importlib.import_module("casier.demo.accounts")
    lines = getattr(accounts, "summary_lines", None)
    if lines is None:
        return
    progress.console.print()
    for line in lines():
        progress.console.print(f"  {line}", markup=False)
