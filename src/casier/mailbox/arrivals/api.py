"""What other apps may use."""

from __future__ import annotations

from collections.abc import Callable

from casier.mailbox.arrivals import marks
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.importing.appending import Appended
from casier.mailbox.importing.names import encode


def vouch_for(owner: str) -> Callable[[str, Appended], None]:
    """Told of what was put into a folder of OWNER after it had been scanned: nobody need look again."""

    def vouch(folder: str, placed: Appended) -> None:
        marks.settle(owner, placed.uid_validity, Uids.parse(placed.uids), name=encode(folder))

    return vouch
