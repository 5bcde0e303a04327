"""What is done for a part that runs and doesn't answer, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from casier.engines.engine import NotReady
from casier.engines.parts import Part
from casier.engines.supervise.watch import (
    CALM_SECONDS,
    DEAF_SECONDS,
    LONGEST_PAUSE_SECONDS,
    SILENT_SECONDS,
    WAKING_SECONDS,
    WORRIED_SECONDS,
    Watch,
)

REDIS = Part("redis", module="redis")
EDGE = Part("edge", module="edge", after=("redis",))


def refused() -> NotReady:
    reason = NotReady("connection refused")
    reason.__cause__ = ConnectionRefusedError()
    return reason


def silent() -> NotReady:
    reason = NotReady("timed out")
    reason.__cause__ = TimeoutError()
    return reason


@dataclass
class Ward:
    """A watch whose clock and patients the test moves."""

    clock: float = 1000.0
    ills: dict[str, NotReady] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    running: dict[str, int] = field(default_factory=lambda: {"redis": 1, "edge": 2})

    def __post_init__(self) -> None:
        self.watch = Watch(
            (REDIS, EDGE),
            self.probe,
            lambda part: self.done.append(f"reload {part.name}"),
            lambda part: self.done.append(f"restart {part.name}"),
            lambda part: self.recovered.append(part.name),
            lambda: self.clock,
        )

    def probe(self, part: Part) -> None:
        if part.name in self.ills:
            raise self.ills[part.name]

    def look(self, after: float = 0.0) -> float:
        self.clock += after
        return self.watch.look(self.running)

    def answered_once(self) -> Ward:
        self.look()
        return self

    def looks_for(self, seconds: float) -> None:
        until = self.clock + seconds
        while self.clock < until:
            self.look(WORRIED_SECONDS)


def test_what_answers_is_left_alone() -> None:
    ward = Ward()
    assert ward.look() == CALM_SECONDS
    ward.looks_for(3600)
    assert not ward.done


def test_where_nobody_listens_it_is_reloaded_then_restarted() -> None:
    ward = Ward().answered_once()
    ward.ills["redis"] = refused()
    assert ward.look(1) == WORRIED_SECONDS
    assert not ward.done, "one missed answer is not an illness"
    ward.looks_for(DEAF_SECONDS)
    assert ward.done == ["reload redis"]
    ward.looks_for(DEAF_SECONDS * 2)
    assert ward.done == ["reload redis", "restart redis"]


def test_a_silent_part_gets_more_time() -> None:
    ward = Ward().answered_once()
    ward.ills["redis"] = silent()
    ward.looks_for(SILENT_SECONDS - 2 * WORRIED_SECONDS)
    assert not ward.done
    ward.looks_for(3 * WORRIED_SECONDS)
    assert ward.done == ["reload redis"]


def test_a_part_that_recovers_begins_anew() -> None:
    ward = Ward().answered_once()
    ward.ills["redis"] = refused()
    ward.looks_for(DEAF_SECONDS + WORRIED_SECONDS)
    del ward.ills["redis"]
    assert ward.look(1) == CALM_SECONDS
    assert ward.recovered == ["redis"], "what waited for it must be told"
    ward.ills["redis"] = refused()
    ward.looks_for(DEAF_SECONDS + WORRIED_SECONDS)
    assert ward.done == ["reload redis", "reload redis"]


def test_a_part_that_has_not_answered_yet_may_be_loading() -> None:
    ward = Ward()
    ward.ills["redis"] = refused()
    ward.looks_for(WAKING_SECONDS)
    assert not ward.done
    ward.looks_for(DEAF_SECONDS + WORRIED_SECONDS)
    assert ward.done == ["reload redis"]


def test_what_it_needs_is_mended_first() -> None:
    ward = Ward().answered_once()
    ward.ills = {"redis": refused(), "edge": refused()}
    ward.looks_for(DEAF_SECONDS + WORRIED_SECONDS)
    assert ward.done == ["reload redis"]


def test_a_part_waits_for_one_that_was_stopped_by_hand() -> None:
    ward = Ward().answered_once()
    ward.ills["edge"] = refused()
    del ward.running["redis"]
    ward.looks_for(600)
    assert not ward.done


def test_what_helps_not_is_done_ever_more_rarely() -> None:
    ward = Ward().answered_once()
    ward.ills["redis"] = refused()
    ward.looks_for(4 * 3600)
    assert len(ward.done) <= 4 * 3600 / LONGEST_PAUSE_SECONDS + 8


def test_a_new_run_is_a_new_patient() -> None:
    ward = Ward().answered_once()
    ward.ills["redis"] = refused()
    ward.look(1)
    ward.running["redis"] = 7
    ward.looks_for(DEAF_SECONDS * 4)
    assert not ward.done, "it may be loading"
