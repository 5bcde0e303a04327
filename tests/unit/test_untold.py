"""Logs keep no token of an address."""

from __future__ import annotations

import logging

import pytest

from casier.kernel.untold import NoTokens, without_tokens


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /securite/abc-DEF_1/", "Not Found: /securite/-/"),
        ("Not Found: /lien/abc/fichier/", "Not Found: /lien/-/fichier/"),
        ("GET /oubli/lien/abc?x=1", "GET /oubli/lien/-"),
        ("Not Found: /oubli/lettre/", "Not Found: /oubli/lettre/"),
    ],
)
def test_a_token_is_a_dash(said: str, kept: str) -> None:
    assert without_tokens(said) == kept


def test_a_record_goes_on_without_it() -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/lien/abc/",), None)
    assert NoTokens().filter(record)
    assert record.getMessage() == "Not Found: /lien/-/"
