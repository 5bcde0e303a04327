from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "casier.mailbox.transfer"
    label = "transfer"
