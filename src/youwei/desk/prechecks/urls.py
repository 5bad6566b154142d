"""Address of the check before holding to account."""

from django.urls import path

from youwei.desk.prechecks import views

urlpatterns = [path("<int:pk>/precheck/", views.precheck, name="decision-precheck")]
