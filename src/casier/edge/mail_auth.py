"""The answer to nginx's mail proxy: who is this, and where does the connection go?

Mail programs sign in with application passwords only. Everything that is wrong gets the same answer, so that
nobody learns which names exist.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from casier.edge import attempts
from casier.edge.check import is_name_of, network_allowed
from casier.edge.records import AppPassword, Records, app_password_mac
from casier.edge.stores import Store
from casier.edge.tokens import Tokens
from casier.kernel.errors import Unavailable, new_reference
from casier.kernel.programs import Use
from casier.kernel.published import Access, AccountState
from casier.kernel.secret import Secret

LOG = logging.getLogger("casier.edge.mail_auth")
PROTOCOLS = frozenset({"imap", "smtp"})


@dataclass(frozen=True, slots=True)
class MailLogin:
    """A login as nginx tells it."""

    user: str
    password: Secret
    protocol: str
    address: str  # the client's IP address
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """No; TEMPORARY when the answer may be another one later."""

    text: str
    wait: int = 0
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Welcome:
    """Yes, as this mailbox, there, with this token."""

    mailbox_key: str
    host: str
    port: int
    token: Secret


def login_from(headers: Mapping[str, str]) -> MailLogin:
    """Read the headers of `auth_http`; nginx escapes user and password as in an URL."""
    return MailLogin(
        _unescaped(headers.get("auth-user", "")),
        Secret(_unescaped(headers.get("auth-pass", ""))),
        headers.get("auth-protocol", ""),
        headers.get("client-ip", ""),
        headers.get("auth-ssl", "") == "on",
    )


def _unescaped(text: str) -> str:
    return unquote_to_bytes(text.encode("latin-1", "replace")).decode("utf-8", "replace")


def headers_for(answer: Welcome | Refused, protocol: str) -> dict[str, str]:
    """The answer in nginx's words (ngx_mail_auth_http_module); the person's program shows `Auth-Status`."""
    if isinstance(answer, Welcome):
        return {
            "Auth-Status": "OK",
            "Auth-Server": answer.host,
            "Auth-Port": str(answer.port),
            "Auth-User": answer.mailbox_key,
            "Auth-Pass": answer.token.reveal(),
        }
    headers = {"Auth-Status": answer.text}
    if protocol == "smtp":
        headers["Auth-Error-Code"] = "454 4.7.0" if answer.temporary else "535 5.7.8"
    if answer.wait:
        headers["Auth-Wait"] = str(answer.wait)
    return headers


@dataclass(frozen=True, slots=True)
class MailDoor:
    """The rules, with what they ask."""

    records: Records
    tokens: Tokens
    app_password_key: bytes
    stores: Mapping[str, Store]
    mail_ports: Mapping[str, int]  # ports by protocol where they aren't the store's: `smtp`

    async def may_sign_in(self, login: MailLogin, now: float) -> Welcome | Refused:
        """Whether this login may pass; not being able to know is a temporary no."""
        try:
            found = await self._found(login)
            if found is None or found.account is None:
                return await self._wrong(login)
            # nginx speaks with the program until here, and hands on no name of it (RFC 2971 comes later).
            use = Use(found.state.id, login.address, login.protocol, "", int(now))
            if not await self.records.may_use(use):
                return self._held(login)
        except Unavailable:
            return self._later(login, "records")
        return self._welcome(login, found.account, now)

    async def _found(self, login: MailLogin) -> AppPassword | None:
        """The application password, where it opens its account for this name and protocol; else None."""
        if not login.encrypted or login.protocol not in PROTOCOLS:
            return None
        found = await self.records.app_password(app_password_mac(login.password, self.app_password_key))
        if found is None or found.account is None or login.protocol not in found.state.protocols:
            return None
        account = found.account
        allowed = account.access == Access.OPEN and network_allowed(account.networks, login.address)
        return found if allowed and is_name_of(login.user, account) else None

    def _welcome(self, login: MailLogin, account: AccountState, now: float) -> Welcome | Refused:
        store = self.stores.get(account.store)
        if store is None:
            return self._later(login, f"store {account.store}")
        port = self.mail_ports.get(login.protocol)
        host, port = ("127.0.0.1", port) if port else (store.imap_host, store.imap_port)
        return Welcome(account.mailbox_key, host, port, self.tokens.make(account.mailbox_key, now))

    async def _wrong(self, login: MailLogin) -> Refused:
        reference = new_reference()
        too_many = await attempts.note_failure(self.records, login.address, login.user)
        LOG.info("refused %s from %s (%s)", login.protocol, login.address, reference)
        text = f"Identifiants refuses / Login refused [{reference}]"
        return Refused(text, attempts.LONG_WAIT if too_many else attempts.WAIT)

    def _held(self, login: MailLogin) -> Refused:
        reference = new_reference()
        LOG.info("held %s from %s until its owner approves (%s)", login.protocol, login.address, reference)
        # RFC 5530: a program that reads this doesn't ask for another password.
        code = "[UNAVAILABLE] " if login.protocol == "imap" else ""
        text = (
            f"{code}Nouveau logiciel : acceptez-le dans Mon compte / New program: approve it in your account"
        )
        return Refused(f"{text} [{reference}]", temporary=True)

    def _later(self, login: MailLogin, what: str) -> Refused:
        reference = new_reference()
        LOG.warning("cannot decide on %s now: %s (%s)", login.protocol, what, reference)
        return Refused(f"Service momentanement indisponible / Try again later [{reference}]", temporary=True)
