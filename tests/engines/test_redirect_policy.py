"""Any JMAP client may write rules: where they send mail on to is limited here, whoever wrote them."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
import redis

from casier.kernel import published
from casier.kernel.instance import Port
from casier.kernel.published import AccountState, Redirects
from engines.roads_mail import plain, subject
from engines.roads_rig import ALICE, BOB, BOB_KEY, CAROL, OUTSIDER, Outside, Rig, Store

OWN_ELSEWHERE = "robert.prive@maison.example"
ELSEWHERE = "inconnu@maison.example"


@pytest.fixture
def known(rig: Rig) -> Iterator[redis.Redis]:
    """What is published; Bob has proved an address of his own, and has sent nothing on yet."""
    socket = str(rig.instance.socket("redis", "casier", "redis.sock"))
    with redis.Redis(unix_socket_path=socket) as client:
        client.delete(published.redirected_key(BOB_KEY))
        client.sadd(published.verified_key(BOB_KEY), OWN_ELSEWHERE)
        before = account_of_bob(client)
        yield client
        client.set(published.account_key(before.id), before.dumps())


def account_of_bob(client: redis.Redis) -> AccountState:
    account_id = cast("bytes", client.get(published.mailbox_owner_key(BOB_KEY))).decode()
    return AccountState.loads(cast("bytes", client.get(published.account_key(account_id))))


def policy_of_bob(client: redis.Redis, where: Redirects, most: int = 5) -> None:
    account = replace(account_of_bob(client), redirects=where, redirect_addresses=most)
    client.set(published.account_key(account.id), account.dumps())


def pass_on(rig: Rig, *targets: str, sender: str = OUTSIDER, login: str = BOB_KEY) -> str:
    """What the store does for a rule of LOGIN; the subject. Raises smtplib.SMTPDataError."""
    title = subject()
    with rig.trusted(Port.POSTFIX_REDIRECT) as smtp:
        smtp.sendmail(sender, list(targets), plain("redirect", title), mail_options=[f"AUTH={login or '<>'}"])
    return title


def refusal(rig: Rig, *targets: str, sender: str = OUTSIDER, login: str = BOB_KEY) -> tuple[int, str]:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        pass_on(rig, *targets, sender=sender, login=login)
    return refused.value.smtp_code, cast("bytes", refused.value.smtp_error).decode()


@pytest.mark.parametrize(
    ("where", "passing", "refused"),
    [
        (Redirects.NONE, [], [ALICE, OWN_ELSEWHERE, ELSEWHERE]),
        (Redirects.ACADEMY, [ALICE], [CAROL, OWN_ELSEWHERE, ELSEWHERE]),
        (Redirects.VERIFIED, [ALICE, OWN_ELSEWHERE, OWN_ELSEWHERE.title()], [CAROL, ELSEWHERE]),
        (Redirects.ANYWHERE, [ALICE, CAROL, ELSEWHERE], []),
    ],
)
def test_what_each_policy_lets_pass(
    rig: Rig, known: redis.Redis, where: Redirects, passing: list[str], refused: list[str]
) -> None:
    policy_of_bob(known, where)
    for target in passing:
        pass_on(rig, target)
    for target in refused:
        code, text = refusal(rig, target)
        assert code == 554
        assert re.search(r"forbids this redirect \[R-....-....\]", text)


def test_what_passes_arrives(rig: Rig, known: redis.Redis, store: Store, outside: Outside) -> None:
    policy_of_bob(known, Redirects.VERIFIED)
    assert store.arrived(pass_on(rig, ALICE)).recipients == (ALICE,)
    assert outside.arrived(pass_on(rig, OWN_ELSEWHERE)).recipients == (OWN_ELSEWHERE,)


def test_a_null_sender_opens_nothing(rig: Rig, known: redis.Redis) -> None:
    """As absence notices have it: a bounce that is passed on is no notice."""
    policy_of_bob(known, Redirects.ACADEMY)
    pass_on(rig, ALICE, sender="")
    assert refusal(rig, ELSEWHERE, sender="")[0] == 554


def test_one_allowed_target_does_not_carry_another(rig: Rig, known: redis.Redis) -> None:
    policy_of_bob(known, Redirects.VERIFIED)
    pass_on(rig, ALICE, OWN_ELSEWHERE)
    assert refusal(rig, ALICE, ELSEWHERE)[0] == 554


def test_a_rewritten_sender_is_no_way_out(rig: Rig, known: redis.Redis, outside: Outside) -> None:
    """`SRS0=…` stands under a domain of ours and leads back to whoever wrote: it was seen by them once."""
    title = subject()
    rig.hand_in("redirect", plain("redirect", title), ELSEWHERE)
    rewritten = outside.arrived(title).sender
    assert rewritten.startswith("SRS0=")
    for where in (Redirects.ACADEMY, Redirects.VERIFIED):
        policy_of_bob(known, where)
        assert refusal(rig, rewritten)[0] == 554
    assert refusal(rig, rewritten, login="")[0] == 554


def test_only_so_many_addresses_a_day(rig: Rig, known: redis.Redis) -> None:
    policy_of_bob(known, Redirects.ANYWHERE, most=2)
    for target in ("un@maison.example", "deux@maison.example", "un@maison.example"):
        pass_on(rig, target)
    code, text = refusal(rig, "trois@maison.example")
    assert (code, "too many addresses" in text) == (554, True)
    pass_on(rig, "deux@maison.example")


def test_a_functional_mailbox_sends_on_within_the_platform(rig: Rig, known: redis.Redis) -> None:
    """Its script has no person's policy to go by."""
    pass_on(rig, CAROL, login="")
    assert refusal(rig, ELSEWHERE, login="")[0] == 554


def test_what_cannot_be_known_waits(rig: Rig, known: redis.Redis) -> None:
    policy_of_bob(known, Redirects.ACADEMY)
    key = published.academy_domains_key("un")
    known.rename(key, "kept")
    try:
        assert refusal(rig, ALICE)[0] == 451
    finally:
        known.rename("kept", key)
    pass_on(rig, ALICE)


def test_an_absence_notice_is_no_redirect(rig: Rig, known: redis.Redis, outside: Outside) -> None:
    policy_of_bob(known, Redirects.NONE)
    title = subject()
    head = (f"From: {BOB}", f"To: {OUTSIDER}", f"Subject: {title}", "Auto-Submitted: auto-replied (vacation)")
    notice = "\r\n".join((*head, "", "Absent.", ""))
    with rig.trusted(Port.POSTFIX_REDIRECT) as smtp:
        smtp.sendmail("", [OUTSIDER], notice.encode(), mail_options=[f"AUTH={BOB_KEY}"])
    assert outside.arrived(title).sender == ""
