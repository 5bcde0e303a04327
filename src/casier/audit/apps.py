from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "casier.audit"
    label = "audit"
