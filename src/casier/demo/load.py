"""Load the demonstration: `python -m casier.demo.load`, with CASIER_INSTANCE set, while the parts run."""

from __future__ import annotations

import os
import sys

from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django

    django.setup()
    from casier.demo.loading import ensure

    try:
        sys.stdout.write(ensure(Instance.load()) + "\n")
    except Unavailable as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
