"""Addresses of cases."""

from django.urls import path

from youwei.desk.cases import admitting, views

urlpatterns = [
    path("", views.visits, name="visits"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/record/<str:step>/", views.record, name="case-record"),
    path("<int:pk>/next/<int:target>/<str:procedure>/", views.answer_next, name="case-next"),
    path("<int:pk>/sign/<str:step>/", views.sign, name="case-sign"),
    path("<int:pk>/draft/<str:step>/", views.draft, name="case-draft"),
    path("<int:pk>/act/<slug:kind>/", views.act, name="case-act"),
    path("<int:pk>/admissions/", admitting.admissions, name="case-admissions"),
    path("papers/<int:pk>/", views.paper, name="paper"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
