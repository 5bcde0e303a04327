"""`python -m casier.edge`: serve the edge of the instance that CASIER_INSTANCE names."""

from __future__ import annotations

import uvloop

from casier.edge.service import serve, set_up_log
from casier.kernel.instance import Instance

if __name__ == "__main__":
    set_up_log()
    uvloop.run(serve(Instance.load()))
