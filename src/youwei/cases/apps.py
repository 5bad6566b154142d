"""Django registration of the room `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "youwei.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
