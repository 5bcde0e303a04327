"""What is down is no refusal: it goes on to the page that says so, with a reference."""

from __future__ import annotations

from casier.kernel.errors import CasierError, Unavailable


def unless_down(error: CasierError) -> None:
    """Raises ERROR again where something needed is down: a sentence at a field would say no to what nobody
    knows, and whoever reads it would look for their own mistake.
    """
    if isinstance(error, Unavailable):
        raise error
