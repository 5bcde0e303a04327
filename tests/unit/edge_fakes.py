"""What is published, held in memory: the edge's rules without Redis."""

from __future__ import annotations

from collections import Counter

from casier.edge.records import AppPassword, LiveSession, Records
from casier.kernel.errors import Unavailable
from casier.kernel.programs import Use
from casier.kernel.published import AccountState, AddressState, SessionState

CAMILLE = "camille.martin@ac-rouen.test"
OLD_NAME = "camille.durand@ac-rouen.test"
ORIGIN = "https://rouen.localhost:8443"
NOW = 1_800_000_000.0


def account(**changes: object) -> AccountState:
    """Camille, whose mailbox key is the address before a change of name."""
    values: dict[str, object] = {
        "id": "c" * 32,
        "mailbox_key": OLD_NAME,
        "store": "store1",
        "academy": "rouen",
        "addresses": [CAMILLE, OLD_NAME],
    }
    return AccountState(**{**values, **changes})


def session(**changes: object) -> SessionState:
    values: dict[str, object] = {
        "account": "c" * 32,
        "created": int(NOW) - 60,
        "absolute_until": int(NOW) + 3600,
        "idle_seconds": 1800,
        "origin": ORIGIN,
    }
    return SessionState(**{**values, **changes})


class Published(Records):
    """Records in memory; `down` makes every question fail as it does when Redis is away."""

    def __init__(self) -> None:
        self.down = False
        self.accounts: dict[str, AccountState] = {}
        self.addresses: dict[str, AddressState] = {}
        self.ours: set[str] = set()
        self.sessions: dict[str, LiveSession] = {}
        self.passwords: dict[str, AppPassword] = {}
        self.held: set[str] = set()  # application passwords whose programs wait
        self.uses: list[Use] = []
        self.counters: Counter[str] = Counter()
        self.activity: list[str] = []

    def _up(self) -> None:
        if self.down:
            raise Unavailable("redis")

    async def session(self, digest: str, _now: float, *, active: bool) -> LiveSession | None:
        self._up()
        if active:
            self.activity.append(digest)
        return self.sessions.get(digest)

    async def app_password(self, mac: str) -> AppPassword | None:
        self._up()
        return self.passwords.get(mac)

    async def may_use(self, use: Use) -> bool:
        self._up()
        self.uses.append(use)
        return use.app_password not in self.held

    async def owner(self, mailbox_key: str) -> AccountState | None:
        self._up()
        return self.accounts.get(mailbox_key)

    async def address(self, address: str) -> AddressState | None:
        self._up()
        return self.addresses.get(address.lower())

    async def is_ours(self, domain: str) -> bool:
        self._up()
        return domain.lower() in self.ours

    async def domains(self) -> list[str]:
        self._up()
        return sorted(self.ours)

    async def add(self, key: str, amount: int, _seconds: int) -> int:
        self._up()
        self.counters[key] += amount
        return self.counters[key]
