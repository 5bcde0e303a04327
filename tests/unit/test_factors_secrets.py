"""Codes, paper and seals, without a database."""

from __future__ import annotations

import pyotp
import pytest

from casier.identity.factors import paper, totp
from casier.identity.factors.vault import SealBroken, Vault
from casier.kernel.secret import Secret

NOW = 1_800_000_015.0


def test_a_code_is_known_by_its_step_one_before_and_one_after() -> None:
    secret = totp.new_secret()
    device = pyotp.TOTP(secret.reveal())
    step = int(NOW // 30)
    for off in (-1, 0, 1):
        assert totp.counter_of(secret, device.generate_otp(step + off), NOW) == step + off
    assert totp.counter_of(secret, device.generate_otp(step + 2), NOW) == 0
    assert totp.counter_of(secret, device.generate_otp(step - 2), NOW) == 0


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345", "000000000"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert totp.counter_of(totp.new_secret(), typed, NOW) == 0


def test_spaces_make_no_difference() -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, NOW)
    assert totp.counter_of(secret, f" {code[:3]} {code[3:]} ", NOW)


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.seal(Secret("JBSWY3DPEHPK3PXP"), "claire")
    assert b"JBSWY3DP" not in sealed
    assert vault.open(sealed, "claire").reveal() == "JBSWY3DPEHPK3PXP"
    assert sealed != vault.seal(Secret("JBSWY3DPEHPK3PXP"), "claire")
    for broken, owner, key in [
        (sealed, "paul", b"k" * 32),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "claire", b"k" * 32),
        (sealed, "claire", b"l" * 32),
        (b"", "claire", b"k" * 32),
    ]:
        with pytest.raises(SealBroken):
            Vault(key).open(broken, owner)


def test_a_keyed_hash_is_for_one_person_and_one_use() -> None:
    vault = Vault(b"k" * 32)
    code = Secret("k7mq-x2vd-h9rt")
    macs = {vault.mac(code, "a", "u"), vault.mac(code, "b", "u"), vault.mac(code, "a", "v")}
    assert len(macs) == 3


def test_ten_codes_that_are_read_however_they_are_typed() -> None:
    codes = paper.generate()
    assert len({code.reveal() for code in codes}) == 10
    text = codes[0].reveal()
    for typed in (text, text.upper(), text.replace("-", ""), text.replace("-", " "), f"  {text}  "):
        assert paper.normal(typed).reveal() == text
    assert paper.normal(text + "k").reveal() != text


def test_secrets_do_not_print() -> None:
    secret = totp.new_secret()
    uri = totp.uri_of(secret, "claire@ac-rouen.fr", "Académie de Rouen")
    assert secret.reveal() in uri.reveal()
    assert secret.reveal() not in f"{secret!r} {uri!r} {uri} {totp.grouped(secret)}"
    assert "k" * 32 not in repr(Vault(b"k" * 32))
