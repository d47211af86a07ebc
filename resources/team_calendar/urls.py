"""The private address of a team's calendar, and the screen below /admin/ where one asks for it."""

from django.urls import path

from regions.admin import guard
from resources.team_calendar import views

urlpatterns = [path("<str:token>/", views.team_calendar_feed, name="team_calendar_feed")]
admin_urlpatterns = [path("dates/equipe/", views.TeamCalendarView.as_view(), name="team_calendar")]

# It shows and ends one's own addresses only.
guard.register({"team_calendar": guard.ALLOW})
