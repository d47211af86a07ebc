"""Addresses of the screens about people, below /admin/."""

from django.urls import path

from regions.admin import devices

urlpatterns = [
    path("appareils-perdus/", devices.DeviceResetsView.as_view(), name="device_resets"),
    path("appareils-perdus/<int:pk>/", devices.DeviceResetAnswerView.as_view(), name="device_reset_answer"),
]
