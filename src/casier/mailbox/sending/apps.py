from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "casier.mailbox.sending"
    label = "sending"
