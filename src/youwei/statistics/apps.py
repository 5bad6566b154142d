"""Django registration of the room `statistics`."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "youwei.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
