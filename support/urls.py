from django.urls import path

from support import views

app_name = "support"
_ONE = "/<uuid:request_id>"
urlpatterns = [
    path("", views.request_list, name="requests"),
    path("/new", views.new_request, name="new"),
    path(_ONE, views.request_detail, name="request"),
    path(f"{_ONE}/reply", views.reply_to, name="reply"),
    path(f"{_ONE}/close", views.close_request, name="close"),
    path(f"{_ONE}/reopen", views.reopen_request, name="reopen"),
    path(f"{_ONE}/attachments/<uuid:attachment_id>", views.attachment, name="attachment"),
]
