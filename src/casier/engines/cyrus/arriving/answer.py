"""What Cyrus is told of a message that it stores: a keyword when it carries files, and its first words.

Searching by "has an attachment" needs the keyword `$HasAttachment`, which Cyrus itself sets only on messages
made by JMAP. The first words become an annotation, from which JMAP's `preview` is read.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from casier.engines.cyrus.arriving.attachments import has_attachments
from casier.engines.cyrus.arriving.parts import Part, read_part
from casier.engines.cyrus.arriving.preview import preview_of
from casier.engines.cyrus.arriving.structure import Malformed, parse

LOG = logging.getLogger("casier.engines.cyrus.arriving")
PREVIEW = "/vendor/casier/preview"
# Mail for many is asked about once for each mailbox.
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What Cyrus says of the message: the file that it is in, its structure, what names its content."""

    file: str
    message: Part
    guid: str


def question_in(arguments: bytes) -> Question:
    """The arguments of the callout: `(FILENAME … BODY (…) GUID …)`. Raises Malformed."""
    values = parse(arguments)
    if not isinstance(values, list):
        raise Malformed("not a list")
    named = {
        name: value for name, value in zip(values[::2], values[1::2], strict=False) if isinstance(name, str)
    }
    if "BODY" not in named:
        raise Malformed("no BODY")
    file, guid = named.get("FILENAME"), named.get("GUID")
    return Question(
        file if isinstance(file, str) else "", read_part(named["BODY"]), guid if isinstance(guid, str) else ""
    )


class Answers:
    """Answers questions, and remembers the last ones."""

    def __init__(self) -> None:
        self._by_guid: OrderedDict[str, bytes] = OrderedDict()

    def __call__(self, arguments: bytes) -> bytes:
        """What Cyrus is told. The message must go on: what can't be read is left out of the answer."""
        try:
            question = question_in(arguments)
        except (Malformed, IndexError, StopIteration) as error:
            LOG.warning("a message's description is not understood (%s)", error)
            return told(files=False, preview="")
        known = self._by_guid.get(question.guid)
        if known is None:
            known = told(files=has_attachments(question.message), preview=_preview(question))
            self._remember(question.guid, known)
        return known

    def _remember(self, guid: str, answer: bytes) -> None:
        if guid:
            self._by_guid[guid] = answer
        if len(self._by_guid) > _REMEMBERED:
            self._by_guid.popitem(last=False)


def told(*, files: bool, preview: str) -> bytes:
    """The answer in Cyrus's words. It reads one character beyond the list, hence the line end."""
    words = [b"+FLAGS ($HasAttachment)"] if files else []
    if preview:
        text = re.sub(rb'(["\\])', rb"\\\1", preview.encode("utf-8", "replace"))
        words.append(b'ANNOTATION (%s (value.shared "%s"))' % (PREVIEW.encode(), text))
    return b"(" + b" ".join(words) + b")\r\n"


def _preview(question: Question) -> str:
    try:
        with Path(question.file).open("rb") as file:
            return preview_of(question.message, file)
    except (OSError, ValueError) as error:
        LOG.warning("no preview (%s)", type(error).__name__)
        return ""
