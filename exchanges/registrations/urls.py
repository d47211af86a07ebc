from django.urls import path

from exchanges.registrations import views

urlpatterns = [
    path("<int:event_id>/", views.RegistrationView.as_view(), name="registration_form"),
    path("<int:event_id>/merci/", views.registration_done, name="registration_done"),
    path("<int:event_id>/attente/", views.registration_done, {"waits": True}, name="registration_waiting"),
    path("suivi/<str:token>/", views.ManageView.as_view(), name="registration_manage"),
]
