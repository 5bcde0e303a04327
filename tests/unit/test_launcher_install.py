from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from casier.boot import install
from casier.boot.words import english


@pytest.mark.parametrize("system", sorted(install.PACKAGES))
def test_every_known_system_gets_every_engine(system: tuple[str, str]) -> None:
    names = install.wanted_packages(system, "start")
    assert {
        "cyrus-imapd",
        "postfix",
        "rspamd",
        "redis-server",
        "clamav-daemon",
        "libnginx-mod-mail",
        "libjemalloc2",
    } <= {*names}
    assert set(names) < set(install.wanted_packages(system, "test"))


def test_a_system_nobody_tried_is_treated_as_debian() -> None:
    assert install.wanted_packages(("linuxmint", "22"), "start") == install.wanted_packages(
        ("debian", "12"), "start"
    )


def test_a_wider_lock_serves_for_a_narrower_purpose() -> None:
    assert ".test" in install.LOCKS["run"][1]
    assert ".run" not in install.LOCKS["test"][1]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, False),
    ],
)
def test_french_unless_english_is_asked_for(environment: dict[str, str], expected: bool) -> None:
    assert english(environment) is expected


def test_services_may_not_start_while_packages_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(install, "POLICY", policy)
    with install.no_service_starts():
        assert subprocess.run([policy, "redis-server", "start"], check=False).returncode == 101
    assert not policy.exists()


def test_a_policy_of_the_machine_stays_and_one_of_a_killed_run_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(install, "POLICY", policy)
    policy.write_text("#!/bin/sh\nexit 104\n")
    with install.no_service_starts():
        pass
    install.forget_own_policy()
    assert policy.read_text() == "#!/bin/sh\nexit 104\n"
    policy.write_text(f"#!/bin/sh\n{install.POLICY_MARK}\nexit 101\n")
    with install.no_service_starts():
        assert install.is_own_policy()
    assert not policy.exists()
    policy.write_text(f"#!/bin/sh\n{install.POLICY_MARK}\nexit 101\n")
    install.forget_own_policy()
    assert not policy.exists()


@pytest.mark.parametrize(
    ("answers", "whole"),
    [
        ([""], True),
        (["dpkg frontend lock was locked by another process with pid 7", ""], True),
        (["dependency problems - leaving unconfigured"], False),
        (["lock was locked by another process with pid 7"] * 3, False),
    ],
)
def test_what_a_killed_run_left_is_finished_and_an_apt_of_it_waited_for(
    answers: list[str], whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(answers)

    def run(command: list[str], environment: dict[str, str]) -> str:
        assert command[:3] == ["dpkg", "--configure", "-a"]
        assert environment["LC_ALL"] == "C"
        if said := next(left):
            raise install.InstallError(said)
        return ""

    monkeypatch.setattr(install, "run", run)
    monkeypatch.setattr(install.time, "sleep", lambda _: None)
    assert install.configure_what_is_left({}, tries=3) is whole
    assert list(left) == []


def test_what_a_killed_run_left_at_work_keeps_the_next_waiting(tmp_path: Path) -> None:
    lock, ended = tmp_path / ".lock", tmp_path / "ended"
    with install.only_one(lock):
        # it goes on when whoever began it, and held the lock, is no more
        install.run(["sh", "-c", f"(sleep 0.5; touch {ended}) >/dev/null 2>&1 &"])
    assert not ended.exists()
    with install.only_one(lock):
        assert ended.exists()
