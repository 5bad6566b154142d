"""Addresses of backups."""

from django.urls import path

from youwei.desk.safekeeping import views

urlpatterns = [
    path("", views.backups, name="backups"),
    path("progress/", views.progress, name="backup-progress"),
    path("<str:name>/check/", views.check, name="backup-check"),
]
