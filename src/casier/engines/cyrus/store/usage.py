"""How much a mailbox holds, and may hold."""

from __future__ import annotations

from collections.abc import Sequence

from casier.engines.cyrus.imap import Answer, quoted, words
from casier.engines.cyrus.store.connections import Connections
from casier.engines.cyrus.store.names import mailbox_name


class Usage(Connections):
    """Quotas, in bytes."""

    def set_quota(self, key: str, quota_bytes: int) -> None:
        """Set how much the mailbox may hold."""
        self.admin_run(*self._quota_commands(key, quota_bytes, new=True))[0].expect()

    def quotas(self, keys: Sequence[str]) -> dict[str, int | None]:
        """The quota of each mailbox in bytes; None: no limit, or no mailbox."""
        answers = self.admin_run(*(f"GETQUOTA {quoted(mailbox_name(key))}" for key in keys))
        return {key: _quota_of(answer) for key, answer in zip(keys, answers, strict=True)}

    def usages(self, keys: Sequence[str]) -> dict[str, tuple[int, int | None]]:
        """How much each mailbox holds, and may hold, in bytes (None: no limit); who has none is left out."""
        answers = self.admin_run(*(f"GETQUOTA {quoted(mailbox_name(key))}" for key in keys))
        found = {key: _usage_of(answer) for key, answer in zip(keys, answers, strict=True)}
        return {key: usage for key, usage in found.items() if usage is not None}

    def _quota_commands(self, key: str, quota_bytes: int, *, new: bool) -> list[str]:
        root, kilobytes = quoted(mailbox_name(key)), quota_bytes // 1024
        if not new and _quota_of(self.admin_run(f"GETQUOTA {root}")[0]) == kilobytes * 1024:
            return []
        return [f"SETQUOTA {root} (STORAGE {kilobytes})"]


def _usage_of(answer: Answer) -> tuple[int, int | None] | None:
    for line in answer.lines:
        tokens = words(line)
        if "STORAGE" in tokens and tokens[1] == "QUOTA":
            place = tokens.index("STORAGE")
            return int(tokens[place + 1]) * 1024, int(tokens[place + 2]) * 1024
    return None


def _quota_of(answer: Answer) -> int | None:
    for line in answer.lines:
        tokens = words(line)
        if "STORAGE" in tokens and tokens[1] == "QUOTA":
            return int(tokens[tokens.index("STORAGE") + 2]) * 1024
    return None
