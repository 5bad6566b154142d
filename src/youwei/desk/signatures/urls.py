"""The address of what waits for a signature."""

from django.urls import path

from youwei.desk.signatures import views

urlpatterns = [path("", views.signatures, name="signatures")]
