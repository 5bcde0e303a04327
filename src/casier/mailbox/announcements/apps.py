from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "casier.mailbox.announcements"
    label = "announcements"
