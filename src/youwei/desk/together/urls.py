"""Addresses of recording in many cases at once."""

from django.urls import path

from youwei.desk.together import views

urlpatterns = [
    path("", views.together, name="together"),
    path("jobs/<int:pk>/", views.job, name="together-job"),
    path("jobs/<int:pk>/progress/", views.progress, name="together-progress"),
    path("jobs/<int:pk>/again/", views.again, name="together-again"),
    path("<str:procedure>/<str:version>/<str:step>/", views.step, name="together-step"),
]
