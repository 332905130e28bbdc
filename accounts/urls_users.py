from django.urls import path

from accounts.views.users import access, acts, bulk, detail, listing, local, roles, what_if

app_name = "users"
_ONE = "/<uuid:user_id>"
urlpatterns = [
    path("", listing.user_list, name="list"),
    path("/invite", access.invite, name="invite"),
    path("/bulk", bulk.bulk, name="bulk"),
    path("/bulk/<int:job_id>", bulk.bulk_job, name="bulk-job"),
    path("/bulk/<int:job_id>/run", bulk.bulk_run, name="bulk-run"),
    path("/bulk/<int:job_id>/stop", bulk.bulk_stop, name="bulk-stop"),
    path("/bulk/<int:job_id>/result", bulk.bulk_result, name="bulk-result"),
    path("/local/<int:user_id>", local.local_user, name="local"),
    path(_ONE, detail.detail, name="detail"),
    path(f"{_ONE}/roles", roles.change_roles, name="roles"),
    path(f"{_ONE}/pass", access.temporary_pass, name="pass"),
    path(f"{_ONE}/what-if", what_if.what_if, name="what-if"),
    path(f"{_ONE}/<slug:name>", acts.act, name="act"),
]
