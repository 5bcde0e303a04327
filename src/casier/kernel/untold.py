"""What logs keep of an address: never the token in it, which opens something to whoever reads it there."""

from __future__ import annotations

import logging
import re

_TOKENS = re.compile(r"(/(?:securite|oubli/lien|lien)/)[^/\s'\"]+")


def without_tokens(text: str) -> str:
    """TEXT with a dash in the place of each token."""
    return _TOKENS.sub(r"\1-", text)


class NoTokens(logging.Filter):
    """Lets every record through, without tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), ()
        return True
