"""`/api/`: what the web client asks of the platform (JMAP tells it the rest)."""

from __future__ import annotations

from casier.portal.api.service import api

__all__ = ["api"]
