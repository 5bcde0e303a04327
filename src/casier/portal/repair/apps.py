from django.apps import AppConfig


class RepairPagesConfig(AppConfig):
    name = "casier.portal.repair"
    label = "portal_repair"
