"""Addresses of the desk's first page."""

from django.urls import path

from youwei.desk.work import views

urlpatterns = [path("", views.desk, name="desk")]
