from django.urls import path

from home import views

urlpatterns = [path("<slug:code>.json", views.my_groupement, name="my_groupement")]
