"""`python -m casier.boot.database_check`: whether the instance's database answers, and has its tables.

As the platform's own user, because rights and sockets are that user's; without the platform's applications,
because `./casier status` asks within a second.
"""

from __future__ import annotations

import sys

from casier.boot.database_trouble import explain
from casier.boot.databases import database_settings
from casier.boot.platform_commands import SAID
from casier.kernel.instance import Instance, InstanceError


def main() -> int:
    """0: it answers. SAID: the output says why not, and what to do."""
    from django.conf import settings
    from django.db import DatabaseError, InterfaceError, connection

    try:
        settings.configure(DATABASES={"default": database_settings(Instance.load(), throwaway=False)})
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations")
            cursor.fetchone()
    except InstanceError as error:
        print(error)
        return SAID
    except (DatabaseError, InterfaceError) as error:
        print(explain(error, connection.settings_dict))
        return SAID
    return 0


if __name__ == "__main__":
    sys.exit(main())
