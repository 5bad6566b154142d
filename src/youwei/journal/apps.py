"""Django registration of the room `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "youwei.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
