from django.urls import path

from entra.events.poll import poll

app_name = "events"
urlpatterns = [path("<uuid:audience>/poll", poll, name="poll")]
