"""Parts run outside the distribution's AppArmor profiles, where the kernel has AppArmor."""

from __future__ import annotations

from pathlib import Path

import pytest

from casier.engines.supervise import prelude


@pytest.mark.parametrize(("said", "written"), [("Y\n", "exec unconfined"), ("N\n", ""), (None, "")])
def test_a_profile_is_left_only_where_there_are_profiles(
    tmp_path: Path, said: str | None, written: str
) -> None:
    enabled, next_profile = tmp_path / "enabled", tmp_path / "exec"
    next_profile.touch()
    if said is not None:
        enabled.write_text(said)
    prelude.leave_profile(enabled, next_profile)
    assert next_profile.read_text() == written
