"""Who may send as whom, and where mail for an address goes."""

from __future__ import annotations

import asyncio
import hmac

import pytest

from casier.edge.maps import AddressMaps
from casier.edge.policy import Decision, Reason, SenderPolicy, Shown
from casier.edge.srs import DAY, Srs
from casier.kernel.published import Access, AddressState, Delivery
from unit.edge_fakes import CAMILLE, NOW, OLD_NAME, Published, account

KEY = b"h" * 32
STORE = "lmtp:unix:/run/lmtp.sock"
OTHER = "directrice@ac-rouen.test"


@pytest.fixture
def published() -> Published:
    records = Published()
    records.accounts[OLD_NAME] = account()
    records.addresses[CAMILLE] = AddressState(OLD_NAME, "store1", Delivery.READY)
    records.addresses["bientot@ac-rouen.test"] = AddressState("bientot@ac-rouen.test", "store1")
    records.ours = {"ac-rouen.test", "ac-zone.test"}
    return records


def action(records: Published, **attributes: str) -> str:
    policy = SenderPolicy(records, KEY, recipients_per_hour=100)
    return asyncio.run(policy.action(attributes, NOW))[0]


def jmap(records: Published, sender: str, login: str = OLD_NAME, **more: str) -> str:
    return action(records, policy_context="jmap", sasl_sender=login, sender=sender, **more)


def test_own_addresses_pass_with_a_signed_header(published: Published) -> None:
    signature = hmac.new(KEY, OLD_NAME.encode(), "sha256").hexdigest()
    expected = f"PREPEND X-Casier-Login: {OLD_NAME}; {signature}"
    assert jmap(published, CAMILLE) == expected
    assert jmap(published, CAMILLE.upper()) == expected
    assert jmap(published, "") == expected  # receipts
    assert action(published, policy_context="clients", sasl_username=OLD_NAME, sender=CAMILLE) == expected


def test_others_addresses_are_refused_with_reason_and_reference(published: Published) -> None:
    refusal = jmap(published, OTHER)
    assert refusal.startswith("554 ")
    assert refusal.endswith("]")
    assert "[R-" in refusal
    assert refusal.isascii()


@pytest.mark.parametrize(
    "attributes",
    [
        {"policy_context": "clients", "sasl_sender": OLD_NAME, "sender": CAMILLE},  # a client's own AUTH=
        {"policy_context": "jmap", "sasl_username": OLD_NAME, "sender": CAMILLE},
        {"policy_context": "", "sasl_sender": OLD_NAME, "sasl_username": OLD_NAME, "sender": CAMILLE},
        {"policy_context": "jmap", "sasl_sender": "", "sender": CAMILLE},
        {"policy_context": "jmap", "sasl_sender": "nobody@ac-rouen.test", "sender": CAMILLE},
    ],
)
def test_only_the_roads_own_login_counts(published: Published, attributes: dict[str, str]) -> None:
    assert action(published, **attributes).startswith("554 ")


@pytest.mark.parametrize("access", [Access.SUSPENDED, Access.CLOSED])
def test_who_is_out_sends_nothing(published: Published, access: Access) -> None:
    published.accounts[OLD_NAME] = account(access=access)
    assert jmap(published, CAMILLE).startswith("554 ")


def test_redis_down_defers(published: Published) -> None:
    published.down = True
    assert jmap(published, CAMILLE).startswith("451 ")


def test_too_many_recipients_wait_for_the_next_hour(published: Published) -> None:
    assert jmap(published, CAMILLE, recipient_count="100").startswith("PREPEND")
    assert jmap(published, CAMILLE, recipient_count="1").startswith("451 ")


def test_redirects_are_signed_by_their_owner_whoever_sent_them(published: Published) -> None:
    redirect = {"policy_context": "redirect", "sender": "parent@dehors.example"}
    assert action(published, **redirect, sasl_sender=OLD_NAME).startswith("PREPEND")
    assert action(published, **redirect) == "DUNNO"
    published.accounts[OLD_NAME] = account(access=Access.SUSPENDED)
    assert action(published, **redirect, sasl_sender=OLD_NAME).startswith("554 ")


@pytest.mark.parametrize(
    ("addresses", "decision"),
    [([CAMILLE], Decision.ALLOW), ([CAMILLE, OTHER], Decision.REJECT), ([OTHER], Decision.REJECT)],
)
def test_every_address_in_the_headers_must_be_theirs(
    published: Published, addresses: list[str], decision: Decision
) -> None:
    verdict = asyncio.run(SenderPolicy(published, KEY, 100).may_send(OLD_NAME, Shown(tuple(addresses)), NOW))
    assert verdict.decision == decision
    assert verdict.reason == (Reason.NONE if decision == Decision.ALLOW else Reason.NOT_YOURS)


UNTIL = int(NOW) + 60
SCHOOL = "ce.0761234a@ac-rouen.test"
DELEGATE = {
    "addresses": [CAMILLE, OLD_NAME, SCHOOL],
    "lent": [SCHOOL],
    "sends_as": {"recteur@ac-rouen.test": UNTIL},
    "behalf": {OTHER: UNTIL},
}


@pytest.mark.parametrize(
    ("shown", "allowed"),
    [
        (Shown(("recteur@ac-rouen.test",)), True),
        (Shown((OTHER,), (CAMILLE,)), True),
        (Shown((OTHER,), (OLD_NAME,)), True),
        (Shown((SCHOOL,), (CAMILLE,)), True),
        (Shown((OTHER,)), False),  # on behalf, without saying so
        (Shown((OTHER,), (OTHER,)), False),
        (Shown((OTHER,), (SCHOOL,)), False),  # who wrote it would stay unknown
        (Shown((OTHER,), ("recteur@ac-rouen.test",)), False),
        (Shown((OTHER,), (CAMILLE, SCHOOL)), False),
        (Shown((OTHER, "inspection@ac-rouen.test"), (CAMILLE,)), False),
        (Shown((OTHER,), (CAMILLE,), (OTHER,)), False),  # Resent-From
        (Shown(("inspection@ac-rouen.test",), (CAMILLE,)), False),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_a_delegate_writes_as_far_as_it_was_given_and_until_it_ends(
    published: Published, shown: Shown, allowed: bool, late: bool
) -> None:
    published.accounts[OLD_NAME] = account(**DELEGATE)
    policy = SenderPolicy(published, KEY, recipients_per_hour=100)
    verdict = asyncio.run(policy.may_send(OLD_NAME, shown, NOW + 60 if late else NOW))
    ends = late and SCHOOL not in shown.author
    assert (verdict.decision == Decision.ALLOW) == (allowed and not ends)
    assert allowed or verdict.reason == Reason.NOT_YOURS


def test_the_envelope_of_a_delegate_ends_too(published: Published) -> None:
    published.accounts[OLD_NAME] = account(**DELEGATE)
    assert jmap(published, OTHER).startswith("PREPEND")  # Rspamd looks whether the message says who sent it
    assert jmap(published, "recteur@ac-rouen.test").startswith("PREPEND")
    ended = DELEGATE | {"behalf": {OTHER: int(NOW)}, "sends_as": {}}
    published.accounts[OLD_NAME] = account(**ended)
    assert jmap(published, OTHER).startswith("554 ")
    assert jmap(published, "recteur@ac-rouen.test").startswith("554 ")


def test_answers_of_those_who_share_a_mailbox_are_noted(published: Published) -> None:
    policy = SenderPolicy(published, KEY, recipients_per_hour=100)

    def noted() -> bool:
        return asyncio.run(policy.may_send(OLD_NAME, Shown((CAMILLE,)), NOW)).noted

    assert not noted()
    published.accounts[OLD_NAME] = account(shared=[SCHOOL])
    assert noted()
    published.accounts[OLD_NAME] = account(lends=True)
    assert noted()


def look_up(records: Published, request: str, now: float = NOW) -> str:
    return asyncio.run(AddressMaps(records, {"store1": STORE}, Srs(KEY)).look_up(request, now))


def test_a_message_is_as_large_as_the_academy_says(published: Published) -> None:
    policy = SenderPolicy(published, KEY, recipients_per_hour=100)
    limit = account().attachment_bytes * 7 // 5
    assert asyncio.run(policy.may_send(OLD_NAME, Shown((CAMILLE,)), NOW, limit)).decision == Decision.ALLOW
    assert (
        asyncio.run(policy.may_send(OLD_NAME, Shown((CAMILLE,)), NOW, limit + 1)).reason == Reason.TOO_LARGE
    )


def test_the_platforms_own_message_has_a_transport_of_its_own(published: Published) -> None:
    sonde = "sonde@casier.invalid"
    published.addresses[sonde] = AddressState(sonde, "store1", Delivery.READY)
    assert look_up(published, f"transport {sonde}") == "OK probe:unix:/run/lmtp.sock"


def test_addresses(published: Published) -> None:
    assert look_up(published, f"alias {CAMILLE}") == f"OK {OLD_NAME}"
    assert look_up(published, f"alias {CAMILLE.upper()}") == f"OK {OLD_NAME}"
    assert look_up(published, "alias bientot@ac-rouen.test").startswith("TEMP ")
    assert look_up(published, "alias nobody@ac-rouen.test") == "NOTFOUND "
    assert look_up(published, "domain AC-rouen.test") == "OK AC-rouen.test"
    assert look_up(published, "domain dehors.example") == "NOTFOUND "
    assert look_up(published, f"transport {OLD_NAME}") == f"OK {STORE}"
    assert look_up(published, "transport parent@dehors.example") == "NOTFOUND "
    assert look_up(published, "other x").startswith("PERM ")


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("camille.martin+ecole@ac-rouen.test", f"OK {OLD_NAME}"),
        ("Camille.Martin+a+b@AC-rouen.test", f"OK {OLD_NAME}"),
        ("camille.martin+@ac-rouen.test", f"OK {OLD_NAME}"),
        ("bientot+x@ac-rouen.test", "TEMP the mailbox is being made"),
        ("nobody+x@ac-rouen.test", "NOTFOUND "),
        ("+x@ac-rouen.test", "NOTFOUND "),
        ("camille.martin+x@dehors.example", "NOTFOUND "),
        ("nobody+camille.martin@ac-rouen.test", "NOTFOUND "),
    ],
)
def test_a_sub_address_is_delivered_to_its_owner(published: Published, address: str, answer: str) -> None:
    assert look_up(published, f"alias {address}") == answer


def test_a_sub_address_is_nobodys_sender(published: Published) -> None:
    assert jmap(published, "camille.martin+ecole@ac-rouen.test").startswith("554 ")
    assert jmap(published, CAMILLE).startswith("PREPEND")


def test_nothing_bounces_while_redis_is_down(published: Published) -> None:
    published.down = True
    for request in (
        f"alias {CAMILLE}",
        "alias camille.martin+x@ac-rouen.test",
        "domain ac-rouen.test",
        f"transport {OLD_NAME}",
        "srs-forward a@b.test",
    ):
        assert look_up(published, request).startswith("TEMP ")


def test_a_store_that_is_not_known_here_waits(published: Published) -> None:
    published.accounts[OLD_NAME] = account(store="store2")
    assert look_up(published, f"transport {OLD_NAME}").startswith("TEMP ")


def test_an_outsiders_sender_is_rewritten_and_found_again(published: Published) -> None:
    answer = look_up(published, "srs-forward Parent=Un@Dehors.example")
    rewritten = answer.removeprefix("OK ")
    assert rewritten.startswith("SRS0=")
    assert rewritten.endswith("@ac-rouen.test")
    assert look_up(published, f"srs-reverse {rewritten}") == "OK Parent=Un@Dehors.example"
    assert look_up(published, f"srs-reverse {rewritten}", NOW + 20 * DAY) == "OK Parent=Un@Dehors.example"
    assert look_up(published, f"srs-reverse {rewritten}", NOW + 23 * DAY) == "NOTFOUND "
    forged = rewritten.replace("Dehors.example", "victime.example")
    assert look_up(published, f"srs-reverse {forged}") == "NOTFOUND "
    assert look_up(published, f"srs-forward {CAMILLE}") == "NOTFOUND "


@pytest.mark.parametrize(
    "address", ["", "x@y.test", "srs0=@y.test", "srs0=a=b=c@y.test", "SRS0=é=aa=b=c@y.test"]
)
def test_no_address_of_ours_is_not_read_back(published: Published, address: str) -> None:
    assert look_up(published, f"srs-reverse {address}") == "NOTFOUND "
