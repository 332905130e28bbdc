from django.urls import path

from support import views

app_name = "servicehealth"
urlpatterns = [
    path("", views.incident_list, name="incidents"),
    path("/<slug:number>", views.incident_detail, name="incident"),
]
