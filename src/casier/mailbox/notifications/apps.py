from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "casier.mailbox.notifications"
    label = "notifications"
