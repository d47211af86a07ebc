from django.urls import path

from core.geo import views

urlpatterns = [
    path("", views.suggestions, name="communes"),
    path("position/", views.of_position, name="commune_of_position"),
]
