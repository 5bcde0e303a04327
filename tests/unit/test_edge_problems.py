"""The words of refusals."""

from __future__ import annotations

import json

import pytest

from casier.edge.problems import WORDS, Reason, prefers_english, problem


@pytest.mark.parametrize(
    ("accepted", "english"),
    [
        ("", False),
        ("fr", False),
        ("en", True),
        ("en-GB,en;q=0.9,fr;q=0.8", True),
        ("fr-FR,fr;q=0.9,en;q=0.8", False),
        ("en;q=0.5,fr", False),
        ("de", False),
        ("en;q=x", False),
        ("*", False),
    ],
)
def test_french_unless_english_is_preferred(accepted: str, english: bool) -> None:
    assert prefers_english(accepted) is english


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Reason)
    for reason in Reason:
        status, body = problem(reason, "R-1234-5678", "fr")
        french = json.loads(body)
        assert french["type"] == reason.value
        assert french["status"] == status
        assert french["reference"] == "R-1234-5678"
        assert french["title"] != json.loads(problem(reason, "R", "en")[1])["title"]
        assert "!" not in body.decode()
