"""What may not stand as a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from casier.policies.checking.contradiction import Check, Contradiction
from casier.policies.policy import Policy


def _networks(policy: Policy) -> Iterator[Contradiction]:
    for name in ("own_networks", "allowed_networks"):
        for network in getattr(policy, name):
            try:
                ipaddress.ip_network(network)
            except ValueError:
                yield Contradiction(
                    name,
                    f"{network!r} is not a network; write it as 10.0.0.0/8",
                    f"« {network} » n’est pas un réseau ; écrivez-le comme 10.0.0.0/8",
                )


NETWORKS: tuple[Check, ...] = (_networks,)
