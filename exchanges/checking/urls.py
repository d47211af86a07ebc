from django.urls import path

from exchanges.checking import views

urlpatterns = [path("<str:token>/", views.CheckView.as_view(), name="check_page")]
