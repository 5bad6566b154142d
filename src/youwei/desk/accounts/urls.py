"""Addresses of accounts and roles."""

from django.urls import path

from youwei.desk.accounts import views

urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("<int:pk>/code/", views.new_code, name="account-code"),
    path("<int:pk>/close/", views.close, name="account-close"),
    path("<int:pk>/reopen/", views.reopen, name="account-reopen"),
    path("grants/", views.grants, name="grants"),
    path("traces/", views.traces, name="traces"),
    path("grants/<int:pk>/end/", views.end_grant, name="grant-end"),
]
