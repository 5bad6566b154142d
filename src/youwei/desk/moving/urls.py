"""Addresses of moving cases to another version."""

from django.urls import path

from youwei.desk.moving import views

urlpatterns = [
    path("<slug:procedure>/<str:version>/move/", views.start, name="pack-move"),
    path("movings/<int:pk>/", views.status, name="moving"),
    path("movings/<int:pk>/progress/", views.progress, name="moving-progress"),
    path("movings/<int:pk>/back/", views.back, name="moving-back"),
]
