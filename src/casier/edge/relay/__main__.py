"""`python -m casier.edge.relay`: serve the relay of the instance that CASIER_INSTANCE names."""

from __future__ import annotations

import logging

import uvloop

from casier.edge.relay.service import Relay
from casier.kernel.instance import Instance


async def main() -> None:
    """Build inside the running loop, then serve."""
    await Relay(Instance.load()).serve()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    uvloop.run(main())
