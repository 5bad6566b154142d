"""Addresses of what becomes of a person."""

from django.urls import path

from youwei.desk.careers import views

urlpatterns = [
    path("<int:pk>/career/", views.career, name="person-career"),
    path("<int:pk>/career/<slug:act>/", views.change, name="person-career-act"),
]
