from django.apps import AppConfig


class FiltersConfig(AppConfig):
    name = "casier.mailbox.filters"
    label = "filters"
