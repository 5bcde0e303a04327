from __future__ import annotations

import pytest

from casier.boot import install
from casier.boot.words import english


@pytest.mark.parametrize("system", sorted(install.PACKAGES))
def test_every_known_system_gets_every_engine(system: tuple[str, str]) -> None:
    names = install.wanted_packages(system, "start")
    assert {"cyrus-imapd", "postfix", "rspamd", "redis-server", "clamav-daemon", "libnginx-mod-mail"} <= {
        *names
    }
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
