"""Whether the instance's ports are free."""

from __future__ import annotations

import socket

from casier.boot.words import say
from casier.kernel.instance import Instance, InstanceError, Port

_WHAT = {
    Port.WEB: ("web", "web"),
    Port.IMAPS: ("IMAPS", "IMAPS"),
    Port.SMTPS: ("SMTPS", "SMTPS"),
    Port.SUBMISSION: ("soumission de courrier", "mail submission"),
    Port.SMTP: ("SMTP", "SMTP"),
}
_PRIVATE = ("interne", "internal")


class PortTaken(InstanceError):
    """Another program listens on a port that the instance needs."""


def check_ports(instance: Instance) -> None:
    """Raise PortTaken with the first port that is taken, its use and the way out."""
    for port in Port:
        number = instance.port(port)
        if not 0 < number < 65536:
            raise PortTaken(
                say(
                    f"Le port {number} n’existe pas : choisissez un autre --port-offset.",
                    f"There is no port {number}: choose another --port-offset.",
                )
            )
        if not _free(number):
            french, english = _WHAT.get(port, _PRIVATE)
            raise PortTaken(
                say(
                    f"Le port {number} ({french}) est déjà utilisé par un autre programme. "
                    f"Libérez-le ou choisissez un décalage : ./casier start --port-offset 100",
                    f"Port {number} ({english}) is already used by another program. "
                    f"Free it, or choose an offset: ./casier start --port-offset 100",
                )
            )


def _free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", number))  # noqa: S104 - bound for an instant, to ask whether it is free
        except OSError:
            return False
    return True
