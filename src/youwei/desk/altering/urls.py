"""Addresses of altering a decision."""

from django.urls import path

from youwei.desk.altering import views

urlpatterns = [
    path("<int:pk>/correct/", views.correct, name="decision-correct"),
    path("<int:pk>/change/", views.change, name="decision-change"),
    path("<int:pk>/withdraw/", views.withdraw, name="decision-withdraw"),
    path("<int:pk>/restore/", views.restore, name="decision-restore"),
    path("<int:pk>/extend/", views.extend, name="decision-extend"),
    path("<int:pk>/settle/", views.settle, name="decision-settle"),
    path("<int:pk>/reassign/", views.reassign, name="decision-reassign"),
    path("<int:pk>/take-back/", views.take_back, name="decision-take-back"),
]
