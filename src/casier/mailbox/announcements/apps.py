from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "casier.mailbox.announcements"
    label = "announcements"

    def ready(self) -> None:
        from casier.groups import api
        from casier.mailbox.announcements.actions import uses_of

        api.users.append(uses_of)
