"""Whether the files of a run are older than what was applied: yesterday's delta goes back on today's."""

from __future__ import annotations

from typing import Any

from casier.feed.models import Run, RunKind, RunState

_NOT_YET = {RunState.READING, RunState.LOOKED_AT, RunState.STOPPED}
_LOOKED_BACK = 100


def overtaken(run: Run) -> dict[str, Any] | None:
    """Code and facts for `words.told` where a run that stands has files of a later day; None where none has.

    Only said, never refused for good: somebody may mean to go back.
    """
    day = run.options.get("day", "")
    if not day or run.state not in _NOT_YET:
        return None
    applied = Run.objects.filter(academy=run.academy_id, kind=RunKind.AAF, state=RunState.APPLIED)
    for number, options in applied.order_by("-pk").values_list("pk", "options")[:_LOOKED_BACK]:
        if (later := options.get("day", "")) > day:
            return {"code": "older_files", "run": number, "day": _written(day), "later": _written(later)}
    return None


def _written(day: str) -> str:
    return f"{day[6:]}/{day[4:6]}/{day[:4]}"
