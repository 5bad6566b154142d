"""Addresses of lists of names."""

from django.urls import path

from youwei.desk.names import views

urlpatterns = [
    path("<int:pk>/names/<str:step>/", views.paste, name="case-names"),
    path("<int:pk>/rows/<str:step>/", views.rows, name="case-rows"),
]
