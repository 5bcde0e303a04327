"""What the command line says; see `casier.kernel.words`, which every part may use."""

from __future__ import annotations

from casier.kernel.words import Words, english, say

__all__ = ["Words", "english", "say"]
