"""What the engines' logs may say. A line that looks like an error and isn't listed here fails a test.

`watched(instance)` remembers where each log ends; `unexpected()` gives the bad lines written since.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from casier.kernel.instance import Instance

# What an error looks like, by log; the engines' own words for levels.
BAD: dict[str, str] = {
    "cyrus": r" (emerg|alert|crit|error) ",
    "cyrmaster": r".",
    "postfix": r"\b(panic|fatal|error):",
    "rspamd": r"\b(error|critical)\b",
    "nginx": r"\[(emerg|alert|crit|error)\]",
    "redis": r" # .*(error|fail|bad)|Fatal",
    "clamav": r"\b(ERROR|LibClamAV Error)\b",
    "edge": r"\b(ERROR|CRITICAL|Traceback)\b",
    "relay": r"\b(ERROR|CRITICAL|Traceback)\b",
    "web": r"\b(ERROR|CRITICAL|Traceback)\b",
    "worker": r"\b(ERROR|CRITICAL|Traceback)\b",
    "agent": r"\b(ERROR|CRITICAL|Traceback)\b",
    "watch": r"\b(WARNING|ERROR|CRITICAL|Traceback)\b",
}

# What is written while everything is well, and why it is nothing to worry about.
ALLOWED: dict[str, tuple[str, ...]] = {
    "cyrus": (
        # a refusal of Postfix that the sender is told of: policy at work
        r"smtpclient: (unexpected response to|The remote Server\(s\) denied)",
        r"jmap: can't create message submission: [45]\.\d",
        # 3.10 would keep a capability for ports below 1024, which it doesn't need here
        r"/master.*cannot set caps",
        # the alarm daemon looks at accounts that have no agenda yet
        r"calalarmd.*(Mailbox does not exist|IOERROR.*alarm)",
    ),
    # advice about the machine's kernel settings
    "redis": (r"Memory overcommit must be enabled",),
}


@dataclass
class Watch:
    """The logs of one instance from a moment on."""

    folder: Path
    allowed: dict[str, list[str]] = field(default_factory=dict)
    starts: dict[Path, int] = field(default_factory=dict)

    def allow(self, log: str, *patterns: str) -> None:
        """Expect PATTERNS in LOG: for a test that breaks something on purpose."""
        self.allowed.setdefault(log, []).extend(patterns)

    def unexpected(self) -> list[str]:
        """The lines that look like errors and that nobody expects, each with its log's name."""
        return [
            f"{path.stem}: {line}"
            for path in sorted(self.folder.glob("*.log"))
            if (bad := BAD.get(path.stem))
            for line in self._new_lines(path)
            if re.search(bad, line) and not self._is_allowed(path.stem, line)
        ]

    def _new_lines(self, path: Path) -> list[str]:
        data = path.read_bytes()
        start = self.starts.get(path, 0)
        return data[start if start <= len(data) else 0 :].decode("utf-8", "replace").splitlines()

    def _is_allowed(self, log: str, line: str) -> bool:
        patterns = [*ALLOWED.get(log, ()), *self.allowed.get(log, ())]
        return any(re.search(pattern, line) for pattern in patterns)


def watched(instance: Instance) -> Watch:
    """Watch the logs of INSTANCE from now on."""
    return Watch(instance.log, starts={path: path.stat().st_size for path in instance.log.glob("*.log")})
