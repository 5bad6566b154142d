"""Addresses of drafts."""

from django.urls import path

from youwei.desk.drafting import views

urlpatterns = [
    path("drafts/new/", views.new, name="draft-new"),
    path("drafts/<int:pk>/", views.draft, name="draft"),
    path("drafts/<int:pk>/edit/", views.edit, name="draft-edit"),
    path("drafts/<int:pk>/comment/", views.comment, name="draft-comment"),
    path("drafts/<int:pk>/ask/", views.ask, name="draft-ask"),
    path("drafts/<int:pk>/drop/", views.drop, name="draft-drop"),
    path("drafts/<int:pk>/release/", views.release, name="draft-release"),
    path("<slug:procedure>/<str:version>/end/", views.end, name="pack-end"),
]
