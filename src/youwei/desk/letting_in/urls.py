"""Addresses of letting in where nobody knows of a sealed case any more."""

from django.urls import path

from youwei.desk.letting_in import views

urlpatterns = [
    path("accounts/sealed/", views.forgotten, name="sealed-forgotten"),
    path("admissions/", views.waiting, name="admissions-waiting"),
]
