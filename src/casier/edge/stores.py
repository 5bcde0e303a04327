"""Where each store takes mail, IMAP and web requests."""

from __future__ import annotations

from dataclasses import dataclass

from casier.kernel.instance import OWN_STORE, Instance, Port


@dataclass(frozen=True, slots=True)
class Store:
    """The addresses of one Cyrus, as other parts reach it."""

    imap_host: str
    imap_port: int
    lmtp: str  # a Postfix transport


def known_stores(instance: Instance) -> dict[str, Store]:
    """The stores by name. One machine has one; more come with more hosts."""
    lmtp = f"lmtp:unix:{instance.socket('cyrus', 'postfix', 'lmtp.sock')}"
    return {OWN_STORE: Store("127.0.0.1", instance.port(Port.STORE_IMAP), lmtp)}
