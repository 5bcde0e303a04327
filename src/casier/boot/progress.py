"""A line per step and per part, on the terminal."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from rich.console import Console

from casier.boot.words import english, say


def seconds_text(seconds: float) -> str:
    """`1,2 s`, or `1.2 s` in English."""
    text = f"{seconds:.1f}"
    return f"{text if english() else text.replace('.', ',')} s"


class Progress:
    """Prints what happens; safe to call from several threads."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._errors = Console(highlight=False, soft_wrap=True, stderr=True)
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """One step: the line is printed at its end, with the time and what the caller adds to the list."""
        begun, details = time.monotonic(), list[str]()
        try:
            yield details
        except BaseException:
            self.line("[red]✗[/red]", name, "")
            raise
        self.line("[green]✓[/green]", name, seconds_text(time.monotonic() - begun), *details)

    def part(self, name: str, what: str, seconds: float) -> None:
        """What `bring_up` reports: only the good end of each part is worth a line."""
        if what == "ready":
            self.line("[green]✓[/green]", f"  {name}", seconds_text(seconds))

    def line(self, sign: str, name: str, right: str, *details: str) -> None:
        """One line: sign, name, time, details."""
        with self._lock:
            self.console.print(f"{sign} {name:<34} [dim]{right:>7}  {', '.join(details)}[/dim]")

    def error(self, text: str) -> None:
        """What went wrong, in plain words."""
        with self._lock:
            self._errors.print(f"[red]{say('Erreur', 'Error')}[/red]", end=say(" : ", ": "))
            self._errors.print(text, markup=False)
