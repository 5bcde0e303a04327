"""Django's way to the person of a session. Signing in itself is `signin.py`'s."""

from __future__ import annotations

import uuid

from django.contrib.auth.backends import BaseBackend

from casier.identity.models import User
from casier.identity.names import may_enter

PATH = "casier.identity.backends.Sessions"


class Sessions(BaseBackend):
    """Who a session belongs to; nobody, from the moment the account is suspended or closed."""

    def get_user(self, user_id: uuid.UUID) -> User | None:
        try:
            user = User.objects.select_related("account__academy", "account__person").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if may_enter(user.account) else None
