"""A machine's own apt sources become those of a fresh root of another release."""

from __future__ import annotations

import pytest

from roots import machine

STANZA = """Types: deb
URIs: http://miroir.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg
"""
OTHERS = """Types: deb
URIs: http://autre.example/outil
Suites: stable
Components: main
"""
LINES = """# deb http://ancien.example/debian bullseye main
deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://miroir.example/debian bookworm main contrib
deb-src http://miroir.example/debian bookworm main
"""


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    files: list[tuple[str, str]] = []
    monkeypatch.setattr(machine, "codename", lambda: "bookworm")
    monkeypatch.setattr(machine, "_source_files", lambda: files)
    return files


def test_suites_change_and_places_stay(own: list[tuple[str, str]]) -> None:
    own.append((".sources", f"# du fournisseur\n{STANZA}\n{OTHERS}"))
    assert machine.sources_for("trixie") == STANZA.replace("bookworm", "trixie")


def test_the_older_form_says_the_same(own: list[tuple[str, str]]) -> None:
    own.append((".list", LINES))
    said = machine.sources_for("trixie").splitlines()
    assert said == [
        "Types: deb",
        "URIs: http://miroir.example/debian",
        "Suites: trixie",
        "Components: main contrib",
        "Signed-By: /usr/share/keyrings/debian.gpg",
    ]


def test_a_machine_without_debian_is_told_so(own: list[tuple[str, str]]) -> None:
    own.append((".sources", OTHERS))
    with pytest.raises(machine.NoSources, match="bookworm"):
        machine.sources_for("trixie")
