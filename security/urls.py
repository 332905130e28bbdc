from django.urls import path

from security import views

app_name = "security"
_ONE = "/alerts/<uuid:alert_id>"
urlpatterns = [
    path("", views.workspace, name="workspace"),
    path("/alerts", views.alert_list, name="alerts"),
    path(_ONE, views.alert_detail, name="alert"),
    path(f"{_ONE}/take-up", views.take_alert_up, name="take-up"),
    path(f"{_ONE}/resolve", views.resolve_alert, name="resolve"),
    path(f"{_ONE}/reopen", views.reopen_alert, name="reopen"),
    path(f"{_ONE}/note", views.note_alert, name="note"),
    path("/requirements", views.requirements, name="requirements"),
    path("/all-pages", views.all_pages, name="all-pages"),
    path("/sign-ins", views.sign_in_list, name="sign-ins"),
    path("/sign-ins/<uuid:sign_in_id>", views.sign_in_detail, name="sign-in"),
    path("/federation", views.federation, name="federation"),
    path("/federation/answers/<uuid:answer_id>", views.answer, name="answer"),
    path("/federation/inspect", views.inspect, name="inspect"),
    path("/what-if", views.what_if, name="what-if"),
]
