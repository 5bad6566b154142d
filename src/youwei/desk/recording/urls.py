"""Addresses of registering a decision."""

from django.urls import path

from youwei.desk.recording import views

urlpatterns = [path("new/", views.record, name="decision-new")]
