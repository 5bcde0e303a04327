"""What the start of an instance may use of the demonstration."""

from __future__ import annotations

from collections.abc import Callable

from casier.demo.accounts import rows as accounts
from casier.demo.accounts import summary_lines
from casier.kernel.instance import Instance

__all__ = ["accounts", "ensure", "summary_lines"]


def ensure(instance: Instance, progress: Callable[[str], None] = lambda _: None) -> str:
    """See `loading.ensure`; imported late, for it needs the platform's database and the others don't."""
    from casier.demo.loading import ensure as load

    return load(instance, progress)
