from django.urls import path

from exchanges import views

urlpatterns = [
    path("", views.CallbackView.as_view(), name="callback_form"),
    path("merci/", views.callback_done, name="callback_done"),
]
