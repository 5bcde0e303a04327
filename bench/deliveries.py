"""One message to 2,000 people: deliveries a second, and what the disk grows by.

    python bench/deliveries.py [--people 2000] [--size 300000]

Starts an instance of its own, creates the people by `./casier account import`, sends one message by 465 and
waits until the queue is empty: a page of text and a file that makes SIZE bytes in all. Prints the deliveries
a second from the end of DATA to the last delivery, and what the store's folder grew by.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import smtplib
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("src", "tests")]

from casier.kernel.instance import Port
from journeys.running import RunningInstance, started, wait_until


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


def is_settled(folder: Path) -> bool:
    """Whether FOLDER has stopped growing: indexing follows delivery."""
    before = disk_usage(folder, "-b")
    time.sleep(5)
    return disk_usage(folder, "-b") == before


def queue_is_empty(instance: RunningInstance) -> bool:
    folder = instance.root / "etc/postfix"
    listing = subprocess.run(["postqueue", "-c", folder, "-j"], capture_output=True, text=True, check=False)
    return listing.returncode == 0 and not listing.stdout.strip()


def send(instance: RunningInstance, sender: str, recipients: list[str], size: int) -> float:
    """Send one message; seconds from the end of DATA until the queue is empty."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, sender, "Circulaire"
    message.set_content("Vous trouverez ci-joint la circulaire de rentrée.\n" * 20)
    circular = random.Random(size).randbytes(size * 3 // 4)  # what a PDF is to an index: nothing to read
    message.add_attachment(circular, maintype="application", subtype="pdf", filename="circulaire.pdf")
    password = instance.app_password(sender)
    with smtplib.SMTP_SSL("localhost", instance.port(Port.SMTPS), context=instance.tls, timeout=300) as smtp:
        smtp.login(sender, password)
        refused = smtp.send_message(message, to_addrs=recipients)
        begun = time.monotonic()
    if refused:
        raise SystemExit(f"{len(refused)} recipients were refused: {next(iter(refused.items()))}")
    wait_until("an empty queue", lambda: queue_is_empty(instance), 600)
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--size", type=int, default=300_000)
    options = parser.parse_args()
    with started("--no-demo") as instance:
        addresses = people(instance, options.people)
        store = instance.root / "data/cyrus"
        send(instance, addresses[0], addresses, 100)  # first message: each mailbox's own files are made
        wait_until("the index of the first message", lambda: is_settled(store), 300)
        before = disk_usage(store, "-b"), disk_usage(store, "-B1")
        seconds = send(instance, addresses[0], addresses, options.size)
        wait_until("the index of the second message", lambda: is_settled(store), 300)
        growth = disk_usage(store, "-b") - before[0], disk_usage(store, "-B1") - before[1]
    per_mailbox = (growth[0] - options.size) / len(addresses)
    print(f"{len(addresses)} deliveries in {seconds:.1f} s: {len(addresses) / seconds:.0f} a second")
    print(
        f"growth {growth[0]:,} bytes ({growth[1]:,} allocated), {per_mailbox:,.0f} a mailbox beyond one copy"
    )


if __name__ == "__main__":
    main()
