from django.urls import path

from accounts.views import matrix, me

app_name = "accounts"
urlpatterns = [
    path("dashboard/me/profile", me.profile, name="profile"),
    path("dashboard/me/sessions/end-others", me.end_other_sessions, name="end-other-sessions"),
    path("dashboard/me/why", me.why, name="why"),
    path("dashboard/me/held/<uuid:held_id>", me.held, name="held"),
    path("dashboard/help/access-matrix", matrix.access_matrix, name="access-matrix"),
]
