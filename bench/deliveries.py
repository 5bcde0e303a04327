"""One message to 2,000 people: deliveries a second, their CPU, and what the disk grows by.

    python bench/deliveries.py [--people 2000] [--size 300000] [--words 40] [--before 30] [--times 12]

Starts an instance of its own, creates the people by `./casier account import`, sends a message by 465 and
waits until the queue is empty: WORDS words and a file, SIZE bytes in all (a circular's cover note; a page
of text has 420 words). BEFORE small ones go before, for mailboxes in use: the first makes each mailbox's
files; then TIMES such messages of other words each: the index of a mailbox grows by blocks that the next
messages fill, so that one alone tells too much or too little. Words come as often as in a language: few
very often, many seldom. Prints the deliveries a second from the end of DATA to the last delivery, the CPU
that all processes of the instance took for each, the seconds until the index has caught up, and what the
store's folder grew by, part by part, contents and allocated blocks; at the end the means.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import smtplib
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from statistics import fmean

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("src", "tests")]

from casier.kernel.instance import Port
from journeys.running import RunningInstance, started
from waiting import wait_until

VOCABULARY = 5_000
_QUEUES = ("incoming", "active", "deferred", "maildrop")


def people(instance: RunningInstance, count: int) -> list[str]:
    """Create COUNT accounts and wait for their mailboxes; their addresses."""
    names = ["--name", "Essai", "--domain", "essai.test", "--host", "essai.localhost"]
    instance.casier("academy", "create", "essai", *names)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["prenom", "nom"])
        rows.writerows(["Camille", f"Essai{letters(n)}"] for n in range(count))
    begun = time.monotonic()
    instance.casier("account", "import", file.name, "--academy", "essai", "--json")
    print(f"{count} accounts created and provisioned in {time.monotonic() - begun:.1f} s")
    listed = json.loads(instance.casier("account", "list", "--json"))
    return [account["address"] for account in listed if account["address"].startswith("camille.")]


def letters(number: int) -> str:
    """A name for each number: names hold no digits."""
    text = ""
    while True:
        text = chr(97 + number % 26) + text
        number = number // 26 - 1
        if number < 0:
            return text


def disk_usage(folder: Path, *options: str) -> int:
    """Bytes below FOLDER: of contents with `-b`, of allocated blocks with `-B1`."""
    listing = subprocess.run(["du", "-s", *options, folder], capture_output=True, text=True, check=True)
    return int(listing.stdout.split()[0])


def growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What came to each part."""
    return {part: after[part] - before[part] for part in after}


def usage(store: Path, *options: str) -> dict[str, int]:
    """Bytes of each part of the store: messages with what lies beside them, databases, full text."""
    return {part: disk_usage(store / part, *options) for part in ("spool", "config", "search")}


def indexed(store: Path) -> bool:
    """Whether the index has caught up: nothing is in the log that the indexer reads, nothing grows."""
    if any((store / "config/sync/squatter").glob("log*")):
        return False
    before = disk_usage(store / "search", "-b")
    time.sleep(1)
    return disk_usage(store / "search", "-b") == before


def queue_is_empty(instance: RunningInstance) -> bool:
    """Looked up in its folders: asking Postfix for 2,000 recipients would cost what is measured."""
    queue = instance.root / "data/postfix/queue"
    return not any(files for name in _QUEUES for _, _, files in os.walk(queue / name))


def cpu_seconds(instance: RunningInstance) -> float:
    """CPU of all processes of INSTANCE until now, and of their children that have ended."""
    leaders = {file.read_text("ascii").split()[1] for file in (instance.root / "run/parts").iterdir()}
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[3] in leaders:
                total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def circular(sender: str, size: int, seed: int, count: int) -> EmailMessage:
    """COUNT words and a file, SIZE bytes in all. SEED chooses among the words."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, sender, "Circulaire de rentrée"
    message["Message-ID"] = make_msgid(domain="essai.test")
    language, chance = random.Random(VOCABULARY), random.Random(seed)
    words = [letters(language.randrange(26**2, 26**5)) for _ in range(VOCABULARY)]
    often = [1 / rank for rank in range(1, VOCABULARY + 1)]  # Zipf's law
    lines = [" ".join(chance.choices(words, often, k=10)) for _ in range(count // 10)]
    message.set_content("\n".join(lines))
    # What a PDF is to an index: a name, and nothing to read.
    content = chance.randbytes(max(size * 3 // 4 - 8 * count, 300))
    message.add_attachment(content, maintype="application", subtype="pdf", filename="circulaire.pdf")
    return message


def send(instance: RunningInstance, message: EmailMessage, recipients: list[str]) -> float:
    """Send one message; seconds from the end of DATA until the queue is empty."""
    sender = str(message["From"])
    password = instance.app_password(sender)
    with smtplib.SMTP_SSL("localhost", instance.port(Port.SMTPS), context=instance.tls, timeout=300) as smtp:
        smtp.login(sender, password)
        refused = smtp.send_message(message, to_addrs=recipients)
        begun = time.monotonic()
    if refused:
        raise SystemExit(f"{len(refused)} recipients were refused: {next(iter(refused.items()))}")
    wait_until("an empty queue", lambda: queue_is_empty(instance), 600)
    return time.monotonic() - begun


def measure(instance: RunningInstance, addresses: list[str], message: EmailMessage) -> tuple[float, float]:
    """Send MESSAGE to all and print what it cost; deliveries a second, kB a mailbox beyond one copy."""
    store, count, size = instance.root / "data/cyrus", len(addresses), len(message.as_bytes())
    before, blocks, cpu = usage(store, "-b"), usage(store, "-B1"), cpu_seconds(instance)
    seconds = send(instance, message, addresses)
    cpu = cpu_seconds(instance) - cpu
    load = os.getloadavg()[0]
    print(f"{count} deliveries in {seconds:.1f} s: {count / seconds:.0f} a second (load average {load:.1f})")
    ended, cpu_delivered = time.monotonic(), cpu_seconds(instance)
    wait_until("the index", lambda: indexed(store), 300)
    later = cpu_seconds(instance) - cpu_delivered
    print(f"CPU a delivery: {cpu / count * 1000:.1f} ms until the queue is empty", end=", ")
    print(f"{later / count * 1000:.1f} ms until all is indexed, {time.monotonic() - ended:.0f} s later")
    for what, grown in (
        ("contents", growth(before, usage(store, "-b"))),
        ("blocks", growth(blocks, usage(store, "-B1"))),
    ):
        whole = sum(grown.values())
        parts = ", ".join(f"{part} {value / count / 1000:.1f}" for part, value in grown.items())
        beyond = (whole - size) / count / 1000
        print(f"{what}: {whole:,} bytes; beyond one copy {beyond:.1f} kB a mailbox ({parts})", flush=True)
    contents = sum(growth(before, usage(store, "-b")).values())
    return count / seconds, (contents - size) / count / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--size", type=int, default=300_000)
    parser.add_argument("--words", type=int, default=40)
    parser.add_argument("--before", type=int, default=30)
    parser.add_argument("--times", type=int, default=12)
    options = parser.parse_args()
    with started("--no-demo") as instance:
        addresses = people(instance, options.people)
        words = options.words  # each message by someone else: nobody may write to so many in an hour
        for number in range(options.before):
            print(f"message {number + 1} before it:")
            measure(instance, addresses, circular(addresses[number], options.size // 60, number, words))
        rows = []
        for number in range(options.before, options.before + options.times):
            print("the message:")
            rows.append(
                measure(instance, addresses, circular(addresses[number], options.size, number, words))
            )
        rates, kilobytes = zip(*rows, strict=True)
        print(f"means: {fmean(rates):.0f} deliveries a second, {fmean(kilobytes):.1f} kB a mailbox")


if __name__ == "__main__":
    main()
