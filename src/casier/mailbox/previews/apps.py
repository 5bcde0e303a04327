from django.apps import AppConfig


class PreviewsConfig(AppConfig):
    name = "casier.mailbox.previews"
    label = "previews"
