"""Finding somebody in the console: by a piece of a name, an address, a reference."""

from __future__ import annotations

import pytest

from casier.directory.models import Academy, Account
from casier.identity.history import api as history
from engines.console_matrix import DESK
from engines.console_scene import (
    claire,
    get,
    holder,
    open_doors,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "typed", ["lefevre", "Lefèvre", "CLAIRE lefè", "claire.lefevre@ac-normandie.fr", "evre"]
)
def test_a_person_is_found_by_a_piece_of_a_name_or_an_address(
    rouen: Academy, claire: Account, typed: str
) -> None:
    visitor = holder(rouen, DESK)
    answer = visitor.get("/console/", {"q": typed}, secure=True)
    assert "Claire Lefèvre" in answer.content.decode()
    assert (
        "Claire Lefèvre" not in visitor.get("/console/", {"q": typed + "zzz"}, secure=True).content.decode()
    )


def test_a_reference_leads_to_what_happened(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    given = history.refuse("locked", account=claire, academy=rouen, source="192.0.2.1")
    answer = visitor.get("/console/", {"q": given.lower().replace("-", "")}, secure=True)
    assert answer["Location"] == f"/console/references/{given}/"
    page = said(get(visitor, answer["Location"]))
    assert "Claire Lefèvre" in page
    assert "192.0.2.1" in page
    assert "Référence inconnue" in said(get(visitor, "/console/references/R-2222-2222/"))


def test_a_numen_is_neither_looked_up_nor_shown_again(rouen: Academy) -> None:
    page = get(holder(rouen, DESK), "/console/?q=12A3456789XYZ").content.decode()
    assert "12A3456789XYZ" not in page
    assert "confidentiel" in page
