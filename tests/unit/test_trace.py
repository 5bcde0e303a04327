"""Messages are followed through lines as the engines write them, within the time that was asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from casier.trace.counting import refused
from casier.trace.following import Answer, Followed, Logs, follow
from casier.trace.glancing import Glance
from casier.trace.lines import Event, Kind, of_cyrus, of_postfix, place_of
from casier.trace.logs import Line, Log, dated_clock, syslog_clock
from casier.trace.words import in_words

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HERE = timezone(timedelta(hours=1))
POSTFIX = """\
Nov 23 10:00:00 mail postfix/public/smtpd[1]: 4jXaaaaaaaz1: client=mx.example.org[192.0.2.9]
Nov 23 10:00:00 mail postfix/cleanup[2]: 4jXaaaaaaaz1: message-id=<one@example.org>
Nov 23 10:00:01 mail postfix/qmgr[3]: 4jXaaaaaaaz1: from=<dad@example.org>, size=2048, nrcpt=2 (queue \
active)
Nov 23 10:00:01 mail postfix/lmtp[4]: 4jXaaaaaaaz1: to=<anne@ac-x.fr>, orig_to=<a.roy@ac-x.fr>, \
relay=localhost[/run/lmtp.sock], delay=0.5, delays=0.2/0/0/0.3, dsn=2.1.5, status=sent (250 2.1.5 Ok)
Nov 23 10:00:02 mail postfix/smtp[5]: 4jXaaaaaaaz1: to=<bob@far.example>, \
relay=mx.far.example[198.51.100.1]:25, \
delay=2, delays=0/0/1/1, dsn=4.4.1, status=deferred (connect to mx.far.example: Connection timed out)
Nov 23 10:20:02 mail postfix/smtp[5]: 4jXaaaaaaaz1: to=<bob@far.example>, relay=none, \
delay=1200, delays=0/0/1/1, dsn=5.0.0, status=bounced (host said: 550 no such user (in reply to RCPT TO \
command))
Nov 23 10:20:03 mail postfix/qmgr[3]: 4jXaaaaaaaz1: removed
Nov 23 10:30:00 mail postfix/clients/smtpd[6]: 4jXbbbbbbbz2: client=unknown[192.0.2.7], sasl_method=PLAIN, \
sasl_username=anne@ac-x.fr
Nov 23 10:30:00 mail postfix/cleanup[7]: 4jXbbbbbbbz2: milter-reject: END-OF-MESSAGE from \
unknown[192.0.2.7]: \
5.7.1 Message refuse : virus detecte / Refused: virus found [R-A7J8-UC3Q]; from=<anne@ac-x.fr> \
to=<bob@ac-x.fr> \
proto=ESMTP helo=<[192.0.2.7]>
Nov 23 10:40:00 mail postfix/public/smtpd[8]: NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 554 5.7.1 \
<anne@ac-x.fr>: Relay access denied; from=<spam@bad.example> to=<anne@ac-x.fr> proto=ESMTP helo=<bad>
Nov 23 10:50:00 mail postfix/public/smtpd[9]: 4jXcccccccz3: client=mx.example.org[192.0.2.9]
Nov 23 10:50:00 mail postfix/qmgr[3]: 4jXcccccccz3: from=<x@example.org>, size=9, nrcpt=1 (queue active)
Nov 23 10:50:01 mail postfix/lmtp[4]: 4jXcccccccz3: to=<jeanne@ac-x.fr>, relay=l, delay=1, dsn=2, \
status=sent (ok)
Nov 23 10:55:00 mail postfix/master[1]: reload, anne@ac-x.fr is not a message
"""
RSPAMD = """\
2026-11-23 10:00:01 #9(rspamd_proxy) <a>; proxy; rspamd_task_write_log: id: <one@example.org>, qid: \
<4jXaaaaaaaz1>, \
ip: 192.0.2.9, from: <dad@example.org>, (default: F (add header): [6.50/15.00] [SPF_FAIL(1.00){-all;},\
BAYES_SPAM(5.50){99%;},ARC_NA(0.00){}]), len: 405, time: 144.113ms
"""
CYRUS = """\
2026-11-23T09:00:01.970403Z info casier/lmtp[2]: sieve log: userid=anne.roy@ac-x.fr \
messageid=<one@example.org> text=casier: rule Conseil d’école
2026-11-23T09:00:01.978403Z info casier/lmtp[2]: Delivered: <one@example.org> to mailbox: \
ac-x.fr!user.anne^roy.&AMk-cole
2026-11-23T09:00:01.978403Z info casier/lmtp[2]: Delivered: <other@example.org> to mailbox: \
ac-x.fr!user.anne^roy
"""


# Her mailbox, and the address that leads to it.
ANNE = ("anne@ac-x.fr", "anne.roy@ac-x.fr", "a.roy@ac-x.fr")


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    for name, text in (("postfix", POSTFIX), ("rspamd", RSPAMD), ("cyrus", CYRUS)):
        (tmp_path / f"{name}.log").write_text(text, "utf-8")
    return Logs(
        Log(tmp_path, "postfix.log", syslog_clock(NOW, HERE)),
        Log(tmp_path, "rspamd.log", dated_clock(HERE)),
        Log(tmp_path, "cyrus.log", dated_clock(HERE)),
    )


def ask(logs: Logs, *addresses: str, hours: float = 24) -> Answer:
    return follow(logs, addresses, NOW - timedelta(hours=hours), NOW)


def kinds(message: Followed) -> list[str]:
    return [event.kind.value for event in message.events]


def test_everything_that_happened_to_a_message_is_told_in_order(logs: Logs) -> None:
    answer = ask(logs, *ANNE)
    refused, virus, first = answer.messages
    assert not answer.more
    assert kinds(first) == ["came", "scanned", "delivered", "ruled", "filed"]
    assert first.events[3].facts == {"mailbox": "anne.roy@ac-x.fr", "what": "rule", "name": "Conseil d’école"}
    assert (first.sender, first.message_id, first.size) == ("dad@example.org", "one@example.org", 2048)
    assert first.recipients == ["a.roy@ac-x.fr"]
    assert kinds(virus) == ["came", "refused"]
    assert virus.events[1].facts["reference"] == "R-A7J8-UC3Q"
    assert kinds(refused) == ["refused"]
    assert refused.sender == "spam@bad.example"


def test_the_same_by_alias_by_sender_and_by_who_was_signed_in(logs: Logs) -> None:
    assert [message.queue for message in ask(logs, "A.Roy@ac-x.fr").messages] == ["4jXaaaaaaaz1"]
    assert [message.queue for message in ask(logs, "dad@example.org").messages] == ["4jXaaaaaaaz1"]
    assert "4jXbbbbbbbz2" in [message.queue for message in ask(logs, "anne@ac-x.fr").messages]


def test_who_wrote_sees_every_copy_who_received_their_own_alone(logs: Logs) -> None:
    """Folders and rules of others are theirs, and so is who else got it, and where a colleague was."""
    (sent,) = ask(logs, "dad@example.org").messages
    assert kinds(sent) == ["came", "scanned", "delivered", "waits", "returned"]
    assert sent.recipients == ["a.roy@ac-x.fr", "bob@far.example"]
    (received,) = ask(logs, "bob@far.example").messages
    assert kinds(received) == ["came", "scanned", "waits", "returned"]
    assert received.recipients == ["bob@far.example"]
    (refused,) = ask(logs, "bob@ac-x.fr").messages
    assert refused.events[0].facts["login"] == "anne@ac-x.fr"
    assert "192.0.2.7" not in str(refused.events[0]) + in_words(refused.events[0], french=True)
    (own,) = (one for one in ask(logs, *ANNE).messages if one.queue == "4jXbbbbbbbz2")
    assert own.events[0].facts["from"] == "192.0.2.7"


def test_with_a_correspondent_the_newest_are_chosen_among_theirs(
    logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casier.trace.following.MOST", 1)
    span = (NOW - timedelta(hours=24), NOW)
    alone = follow(logs, ANNE, *span)
    assert (len(alone.messages), alone.more) == (1, True)
    found = follow(logs, ANNE, *span, "dad@example.org")
    assert ([one.sender for one in found.messages], found.more) == (["dad@example.org"], False)
    assert len(follow(logs, ANNE, *span, "spam@bad.example").messages) == 1


@pytest.mark.parametrize(
    "said", ["450 4.7.1 <anne@ac-x.fr>: Recipient address rejected: later", "4.7.1 Try again later"]
)
def test_what_is_refused_for_now_is_put_off(said: str) -> None:
    begin = "Nov 23 10:40:00 mail postfix/public/smtpd[8]: "
    rest = f": {said}; from=<dad@example.org> to=<anne@ac-x.fr> proto=ESMTP helo=<x>"
    for head in (
        "NOQUEUE: reject: RCPT from m[192.0.2.9]",
        "4jXddddddz4: milter-reject: DATA from m[192.0.2.9]",
    ):
        found = of_postfix(Line(NOW, begin + head + rest))
        assert found is not None
        assert found.event is not None
        assert found.event.kind is Kind.PUT_OFF
        assert "réessaiera" in in_words(found.event, french=True)


def test_an_address_within_another_is_not_named(logs: Logs) -> None:
    assert [message.queue for message in ask(logs, "jeanne@ac-x.fr").messages] == ["4jXcccccccz3"]
    assert "4jXcccccccz3" not in [message.queue for message in ask(logs, "anne@ac-x.fr").messages]
    assert ask(logs, "nobody@ac-x.fr").messages == []


def test_what_goes_on_after_the_time_asked_belongs_to_the_message(logs: Logs) -> None:
    short = follow(
        logs,
        ["bob@far.example"],
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 15, tzinfo=UTC),
    )
    assert "waits" in kinds(short.messages[0])
    assert ask(logs, "bob@far.example", hours=1).messages == []


def test_what_was_refused_is_counted_by_day_and_domain(logs: Logs, tmp_path: Path) -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert refused(logs, day, NOW) == {(date(2026, 11, 23), "ac-x.fr"): 2}
    assert refused(logs, NOW, NOW + timedelta(days=1)) == {}
    assert refused(Logs.of(tmp_path / "none", NOW), day, NOW) == {}


def test_no_log_is_not_no_message(logs: Logs, tmp_path: Path) -> None:
    nothing = ask(Logs.of(tmp_path / "none", NOW), "anne@ac-x.fr")
    assert nothing == Answer([], False, ("postfix", "rspamd", "cyrus"))
    assert nothing.knows_nothing
    (tmp_path / "rspamd.log").unlink()
    (tmp_path / "cyrus.log").write_text("", "utf-8")
    partly = ask(logs, "nobody@ac-x.fr")
    assert (partly.messages, partly.unread, partly.knows_nothing) == ([], ("rspamd", "cyrus"), False)


def test_before_the_log_begins_nothing_is_known(logs: Logs) -> None:
    first = logs.postfix.begins()
    assert first is not None
    assert ask(logs, "anne@ac-x.fr", hours=24 * 30).begins == first
    assert ask(logs, "anne@ac-x.fr", hours=0.01).begins is None


@pytest.mark.parametrize("french", [True, False])
def test_every_event_has_words(logs: Logs, french: bool) -> None:
    for message in ask(logs, "anne@ac-x.fr", "dad@example.org").messages:
        for event in message.events:
            assert in_words(event, french=french)
    filed = Event(NOW, Kind.FILED, {"mailbox": "anne.roy@ac-x.fr", "folder": "École"})
    assert in_words(filed, french=True) == "Rangé dans «\u00a0École\u00a0» (anne.roy@ac-x.fr)"


def test_the_store_s_names_are_read() -> None:
    assert place_of("ac-x.fr!user.anne^roy") == ("anne.roy@ac-x.fr", "")
    assert place_of("ac-x.fr!user.anne^roy.&AMk-cole.a^b") == ("anne.roy@ac-x.fr", "École/a.b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "Nov 23 10:00:00 mail postfix/qmgr[3]: 4jXaaaaaaaz1: removed",
        "Nov 23 10:00:00 mail sshd[1]: x",
    ],
)
def test_other_lines_say_nothing(text: str) -> None:
    assert of_postfix(Line(NOW, text)) is None


def test_what_a_person_s_own_script_logs_is_no_other_line() -> None:
    """ManageSieve lets anyone write to the store's log, in their own name only."""
    begin = "2026-11-23T09:00:01Z info casier/lmtp[2]: sieve log: userid=eve@ac-x.fr messageid=<a@b> text="
    forged = "casier/lmtp[2]: Delivered: <one@example.org> to mailbox: ac-x.fr!user.anne"
    assert of_cyrus(Line(NOW, begin + forged)) is None
    said = of_cyrus(Line(NOW, f"{begin}casier: rule x messageid=<one@example.org>"))
    assert said is not None
    assert said.message_id == "a@b"


def test_rules_and_absences_have_their_own_words() -> None:
    def told(what: str, name: str, french: bool) -> str:
        facts = {"mailbox": "anne@ac-x.fr", "what": what, "name": name}
        return in_words(Event(NOW, Kind.RULED, facts), french=french)

    assert told("rule", "Classe", True) == "Règle «\u00a0Classe\u00a0» appliquée (anne@ac-x.fr)"
    assert told("absence", "", False) == "Absence in force (anne@ac-x.fr)"


def long_log(folder: Path, name: str, start: datetime, count: int) -> None:
    with (folder / name).open("w", encoding="utf-8") as file:
        for number in range(count):
            at = start + timedelta(seconds=number)
            file.write(f"{at:%Y-%m-%d %H:%M:%S} line {number} {'x' * 60}\n")


def test_a_window_is_found_in_a_long_log_and_in_what_rotation_left(tmp_path: Path) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number, name in enumerate(("a.log.2", "a.log.1", "a.log")):
        long_log(tmp_path, name, start + timedelta(seconds=number * 20_000), 20_000)
    (tmp_path / "a.log.old").write_text("not one of them")
    log = Log(tmp_path, "a.log", dated_clock(UTC))
    for first, count in ((0, 3), (19_999, 2), (39_000, 5), (59_998, 2)):
        since = start + timedelta(seconds=first)
        lines = [line.at for line in log.lines(since, since + timedelta(seconds=count))]
        assert lines == [since + timedelta(seconds=number) for number in range(count)]
    assert len(list(log.lines(start, start + timedelta(days=30)))) == 60_000
    looked: list[bytes] = []

    assert len(list(log.lines(start, NOW, Glance(bool, (b"line 30 ",))))) > 1  # its block
    assert list(log.lines(start, NOW, Glance(bool, (b"nowhere",)))) == []

    def glance(raw: bytes) -> bool:
        looked.append(raw)
        return b"line 30 " in raw

    since = start + timedelta(seconds=10)
    assert len(list(log.lines(since, since + timedelta(seconds=30), Glance(glance)))) == 1
    assert len(looked) < 5_000  # two windows of 64 KB, whatever the files' size


def test_a_day_without_its_year_is_the_last_one_there_was() -> None:
    clock = syslog_clock(datetime(2027, 1, 2, tzinfo=UTC), UTC)
    assert clock(b"Dec 31 23:59:59 m x") == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert clock(b"Jan  1 00:00:01 m x") == datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert clock(b"Feb 29 00:00:01 m x") is None
    assert clock(b"Foo 31 23:59:59 m x") is clock(b"") is dated_clock(UTC)(b"2026-99-99 00:00:00") is None
