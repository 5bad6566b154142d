"""Django registration of the room `organs`."""

from importlib import import_module

from django.apps import AppConfig


class OrgansConfig(AppConfig):
    name = "youwei.organs"
    label = "organs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("youwei.organs.checks")
