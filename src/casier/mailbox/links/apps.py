from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "casier.mailbox.links"
    label = "links"
