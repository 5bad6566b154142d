"""Addresses of the settings."""

from django.urls import path

from youwei.desk.settings import views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("progress/<int:pk>/", views.progress, name="setting-progress"),
    path("<slug:name>/", views.change, name="setting"),
]
