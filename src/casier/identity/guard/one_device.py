"""One device at a time (*monoposte*): what happens when a second one has proved everything. Rules only.

Decided after the full proof and never before, so that whoever knows a name can't disturb anyone. Sessions
that are over don't count, nor does another session of the same device: that one is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casier.identity.entry.road import Proof

# What shows that the person themselves is there, and not somebody with their password.
STRONG = frozenset({Proof.PASSKEY, Proof.TOTP, Proof.SECURITY_KEY})


class Step(StrEnum):
    """What is done with the session that wants to open."""

    OPEN = "open"
    REPLACE = "replace"  # open, and end the others
    REFUSE = "refuse"  # the first stays, the second doesn't get in
    SUSPEND = "suspend"  # neither, for a while
    WAIT = "wait"  # that while isn't over


@dataclass(frozen=True, slots=True)
class Open:
    """A session that is open now."""

    digest: str
    device: str  # the id of the known device; "" when it isn't known
    frozen_until: int = 0


@dataclass(frozen=True, slots=True)
class Coming:
    """The session that wants to open."""

    device: str
    strong: bool  # by a passkey, a TOTP or a security key, shown now
    replaces: str = ""  # digest of a session that this very browser still holds


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do: which sessions end, which stand still until when, and whether the new one opens."""

    step: Step
    end: tuple[str, ...] = ()
    freeze: tuple[str, ...] = ()
    until: int = 0

    @property
    def opens(self) -> bool:
        return self.step in {Step.OPEN, Step.REPLACE}


@dataclass(frozen=True, slots=True)
class Rule:
    """What the academy's policy says."""

    mode: str  # "off", "replace", "refuse", "suspend"
    suspend_seconds: int = 0


def decide(rule: Rule, coming: Coming, opened: tuple[Open, ...], frozen_until: int, now: int) -> Decision:
    """What happens to COMING beside the sessions OPENED; FROZEN_UNTIL: a suspension of both that is on."""
    if rule.mode == "off":
        return Decision(Step.OPEN)
    own = tuple(session.digest for session in opened if _same(coming, session))
    others = tuple(session.digest for session in opened if session.digest not in own)
    if now < frozen_until and rule.mode == "suspend":
        return _while_suspended(coming, (*own, *others), frozen_until)
    if not others:
        return Decision(Step.OPEN, end=own)
    if rule.mode == "replace":
        return Decision(Step.REPLACE, end=(*own, *others))
    if rule.mode == "refuse":
        return Decision(Step.REFUSE)
    return Decision(Step.SUSPEND, freeze=(*own, *others), until=now + rule.suspend_seconds)


def _while_suspended(coming: Coming, opened: tuple[str, ...], until: int) -> Decision:
    """Whoever shows a strong factor goes on, on whichever device; the others end."""
    if coming.strong:
        return Decision(Step.REPLACE, end=opened)
    return Decision(Step.WAIT, until=until)


def _same(coming: Coming, session: Open) -> bool:
    if coming.replaces and session.digest == coming.replaces:
        return True
    return bool(coming.device) and session.device == coming.device
