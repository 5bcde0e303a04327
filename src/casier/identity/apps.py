from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "casier.identity"
    label = "identity"

    def ready(self) -> None:
        """Signing in writes `last_login` with the rest, in its own transaction: once is enough."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.disconnect(dispatch_uid="update_last_login")
