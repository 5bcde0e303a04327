"""What stands on a PDF, as somebody reads it."""

from __future__ import annotations

import io

from pypdf import PdfReader


def texts(pdf: bytes) -> list[str]:
    """The lines of PDF, page after page."""
    return [
        line.strip() for page in PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().splitlines()
    ]
