"""Addresses of batches."""

from django.urls import path

from youwei.desk.batches import carry_views, retract_views, team_views, views

urlpatterns = [
    path("", views.all_batches, name="batches"),
    path("new/<str:procedure>/", views.new, name="batch-new"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/export/", views.export, name="batch-export"),
    path("<int:pk>/progress/", views.progress, name="batch-progress"),
    path("<int:pk>/gathering/", views.gathering, name="batch-gathering"),
    path("<int:pk>/join/", views.join, name="batch-join"),
    path("<int:pk>/list/<str:step>/", views.freeze, name="batch-freeze"),
    path("<int:pk>/record/<str:step>/", views.land, name="batch-land"),
    path("<int:pk>/teams/<str:step>/", team_views.teams, name="batch-teams"),
    path("<int:pk>/carry/<int:seq>/", carry_views.carry, name="batch-carry"),
    path("<int:pk>/retract/<int:seq>/", retract_views.retract, name="batch-retract"),
    path("<int:pk>/leave/<int:place>/", views.leave, name="batch-leave"),
]
