"""Every line of a CSV file becomes an account or is told why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.importing import BadFile, Preview, read_accounts
from casier.directory.models import Academy
from casier.directory.numen import parse_numen
from casier.kernel.errors import CasierError
from casier.kernel.uai import key_letter
from casier.policies.api import Policy

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "test", "now": NOW}
UAI = "0761234" + key_letter("0761234")


@pytest.fixture
def academy(monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    new = actions.NewAcademy("tt", "T", "#1a5fb4", ("ac-t.example",), ("t.localhost",), Policy())
    made = actions.create_academy(new, **WHY)
    actions.create_school(made, actions.NewSchool(UAI, "Monod"), **WHY)
    return made


def codes(academy: Academy, text: str, encoding: str = "utf-8") -> list[str]:
    lines = list(read_accounts(text.encode(encoding), academy))
    return [line.problem.code if line.problem else "known" if line.known else "new" for line in lines]


def test_lines_are_understood_or_told(academy: Academy) -> None:
    text = (
        "Prénom;Nom;UAI;Fonction;Date de naissance;NUMEN\n"
        f"Jean;Martin;{UAI};ens;31/12/1980;12A3456789XYZ\n"
        "Jean;Martin;;;31/12/1980;\n"
        "Jean;Martin;;;01/01/1981;\n"
        "\n"
        "Zoé;Petit;0761234X;;;\n"
        "Zoé;Petit;0750655E;;;\n"
        "Ève;Ka;;;31/31/2000;\n"
        ";Sans;;;;\n"
        "李;王;;;;\n"
        "Paul;Dub;;;;12\n"
    )
    assert codes(academy, text) == [
        "new",
        "same_person",
        "new",
        "bad_uai",
        "unknown_school",
        "bad_day",
        "no_name",
        "name_without_letters",
        "bad_numen",
    ]


def test_the_same_file_again_changes_nothing_and_nobody_is_made_by_guess(academy: Academy) -> None:
    new = actions.NewAccount("Zoé", "Petit", birth_date=date(1980, 12, 31))
    actions.create_account(academy, new, **WHY)
    head = "given_name,family_name,birth_date\n"
    assert codes(academy, head + "ZOE,Petit,1980-12-31\n") == ["known"]
    assert codes(academy, head + "Zoé,Petit,\n") == ["maybe_known"]
    assert codes(academy, head + "Zoé,Petit,1981-12-31\n") == ["new"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_write_is_read(academy: Academy, encoding: str) -> None:
    (line,) = read_accounts("Prénom;Nom\r\nZoé;Lœuf\r\n".encode(encoding), academy)
    assert line.new is not None
    assert (line.number, line.new.given_name, line.new.family_name) == (2, "Zoé", "Lœuf")


@pytest.mark.parametrize("text", ["", "Jean;Martin\n", "prenom;nom;couleur\n", "prenom\nJean\n"])
def test_a_file_without_understood_columns_is_refused(academy: Academy, text: str) -> None:
    with pytest.raises(BadFile):
        list(read_accounts(text.encode(), academy))


def test_a_preview_refuses_what_making_would_refuse(academy: Academy) -> None:
    numen = "12A3456789XYZ"
    actions.create_account(academy, actions.NewAccount("Zoé", "Petit", numen=parse_numen(numen)), **WHY)
    text = (
        "prenom;nom;numen;adresse\n"
        "Ana;Un;;\n"
        "Ana;Deux;;ana@ac-t.example\n"
        "Ana;Trois;;ana@ac-t.example\n"
        "Ana;Quatre;;zoe.petit@ac-t.example\n"
        "Ana;Cinq;;ana@ailleurs.example\n"
        f"Ana;Six;{numen};\n"
        "Ana;Sept;12A3456789XYY;\n"
        "Ana;Huit;12A3456789XYY;\n"
    )
    preview, found, made = Preview(academy, NOW), [], []
    for line in read_accounts(text.encode(), academy):
        assert line.new is not None
        obstacle = preview.obstacle(line.new)
        found.append(obstacle.code if obstacle else "")
        try:
            actions.create_account(academy, line.new, **WHY)
        except CasierError as error:
            made.append(error.code)
        else:
            made.append("")
    expected = [
        "",
        "",
        "address_taken",
        "address_taken",
        "not_our_domain",
        "already_there",
        "",
        "already_there",
    ]
    assert found == made == expected
