from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "casier.mailbox.push"
    label = "push"

    def ready(self) -> None:
        from casier.identity.ending import sessions_ended
        from casier.mailbox.push.actions import forget_ended

        sessions_ended.connect(forget_ended, dispatch_uid="casier.mailbox.push")
