from django.apps import AppConfig


class EntryPagesConfig(AppConfig):
    name = "casier.portal.entry"
    label = "portal_entry"
