"""Addresses of the question of eligibility."""

from django.urls import path

from youwei.desk.eligibility import views

urlpatterns = [
    path("", views.whom, name="eligibility-whom"),
    path("<int:pk>/", views.eligibility, name="eligibility"),
]
