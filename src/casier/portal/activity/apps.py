from django.apps import AppConfig


class ActivityPagesConfig(AppConfig):
    name = "casier.portal.activity"
    label = "portal_activity"
