"""Addresses of votes: those of a case for who holds them, and those of the kiosk."""

from django.urls import path

from youwei.desk.voting import kiosk, views

urlpatterns = [
    path("cases/<int:pk>/vote/<str:step>/", views.vote, name="case-vote"),
    path("cases/<int:pk>/vote/<str:step>/opinions/", views.opinions, name="vote-opinions"),
    path("cases/<int:pk>/vote/<str:step>/slips/", views.slips, name="vote-slips"),
    path("cases/<int:pk>/vote/<str:step>/ballots/", views.ballots, name="vote-ballots"),
    path("cases/<int:pk>/vote/<str:step>/paper/", views.paper, name="vote-paper"),
    path("cases/<int:pk>/vote/<str:step>/settle/", views.settle, name="vote-settle"),
    path("cases/<int:pk>/vote/<str:step>/close/", views.close, name="vote-close"),
    path("cases/<int:pk>/vote/<str:step>/withdraw/", views.withdraw, name="vote-withdraw"),
    path("cases/<int:pk>/vote/<str:step>/tally/", views.tally, name="vote-tally"),
    path("vote/", kiosk.start, name="kiosk"),
    path("vote/cast/", kiosk.cast, name="kiosk-cast"),
    path("vote/done/", kiosk.done, name="kiosk-done"),
]
