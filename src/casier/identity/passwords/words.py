"""The lists that passwords are held against. Read once a process; threads share them."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from casier.kernel.addresses import fold

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that open accounts: leaked, French, of the school. Folded, three letters or more."""
    lines = (DATA / "common-words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def french_words() -> frozenset[str]:
    """Frequent words and names. A few of them make a password, one doesn't: they are for weighing only."""
    return frozenset((DATA / "french-words.txt").read_text(encoding="ascii").split()) | common_words()


@lru_cache(maxsize=1)
def phrase_words() -> tuple[str, ...]:
    """Words for passwords made of words."""
    lines = (DATA / "phrase-words.txt").read_text(encoding="ascii").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def leaked_passwords() -> SortedLines:
    """The most frequent leaked passwords that are shipped, folded."""
    return SortedLines.open(DATA / "leaked.txt")


@dataclass(frozen=True, slots=True)
class SortedLines:
    """Lines sorted by their bytes, searched where they lie on disk: nothing is read that isn't looked at."""

    lines: mmap.mmap
    counted: bool = False  # digests in capitals or not, a colon and a count behind each

    @classmethod
    def open(cls, path: Path, *, counted: bool = False) -> SortedLines:
        """The lines of PATH. Raises OSError, ValueError where the file is empty."""
        with path.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), counted)

    def holds(self, line: bytes) -> bool:
        """Whether LINE is one of them."""
        low, high = 0, len(self.lines)
        while low < high:
            start = self.lines.rfind(b"\n", 0, (low + high) // 2) + 1
            end = self.lines.find(b"\n", start)
            end = len(self.lines) if end < 0 else end
            found = self._key(self.lines[start:end])
            if found == line:
                return True
            low, high = (end + 1, high) if found < line else (low, start)
        return False

    def _key(self, line: bytes) -> bytes:
        return line.rstrip(b"\r").partition(b":")[0].upper() if self.counted else line


def words_in(folded: str, words: frozenset[str], shortest: int = 3) -> tuple[list[str], str]:
    """The longest WORDS in FOLDED, from left to right, and what stands beside them."""
    found: list[str] = []
    rest: list[str] = []
    place = 0
    while place < len(folded):
        longest = min(len(folded) - place, 24)
        size = next((n for n in range(longest, shortest - 1, -1) if folded[place : place + n] in words), 0)
        (found if size else rest).append(folded[place : place + (size or 1)])
        place += size or 1
    return found, "".join(rest)
