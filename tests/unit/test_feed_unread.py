"""Nobody is gone whose record can't be read."""

from __future__ import annotations

import pytest

from casier.directory.numen import NumenVault, parse_numen
from casier.feed.knowing import Known
from casier.feed.planning.unread import Unread
from casier.feed.records import Place, Refused

VAULT = NumenVault(bytes(32))
NUMEN = parse_numen("12A3456789XYZ")
ANNE = Known(
    1, "Anne-Lise", "Le Goff", "Martin", "", None, VAULT.index(NUMEN), "", "active", True, "7", False, ()
)


@pytest.mark.parametrize(
    ("refused", "spared"),
    [
        (Refused(Place("f", 1), "7", "bad_day"), True),
        (Refused(Place("f", 1), "8", "bad_day"), False),
        (Refused(Place("f", 1), "", "bad_day", {}, "ANNE LISE", "LE GOFF"), True),
        (Refused(Place("f", 1), "", "bad_day", {}, "Anne-Lise", "MARTIN"), True),
        (Refused(Place("f", 1), "", "bad_day", {}, "Zoé", "LE GOFF"), False),
        (Refused(Place("f", 1), "", "no_name", {}, "", "LE GOFF"), True),
        (Refused(Place("f", 1), "", "no_name", {}, "", "", NUMEN), True),
        (Refused(Place("f", 1), "", "no_key"), False),
    ],
)
def test_whoever_an_unreadable_record_may_be_is_spared(refused: Refused, spared: bool) -> None:
    unread = Unread(VAULT)
    unread.add(refused)
    assert unread.may_be(ANNE) is spared
