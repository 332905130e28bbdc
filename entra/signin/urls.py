"""The sign-in pages. Each step's URL bears the name of its `Step`."""

from django.urls import path

from entra.signin.views.consent import permissions
from entra.signin.views.custom_control import custom_control
from entra.signin.views.federate import federate, returned
from entra.signin.views.identify import identify, select
from entra.signin.views.password import password
from entra.signin.views.register import choose_method, more_information, put_off, registered, set_up_method
from entra.signin.views.step import cancel_step, step
from entra.signin.views.verify import verify

app_name = "signin"
urlpatterns = [
    path("returned/<str:answer_id>", returned, name="returned"),
    path("<str:interaction_id>", step, name="step"),
    path("<str:interaction_id>/select", select, name="select"),
    path("<str:interaction_id>/identify", identify, name="identify"),
    path("<str:interaction_id>/password", password, name="password"),
    path("<str:interaction_id>/federate", federate, name="federate"),
    path("<str:interaction_id>/custom-control", custom_control, name="custom_control"),
    path("<str:interaction_id>/register", more_information, name="register"),
    path("<str:interaction_id>/register/put-off", put_off, name="register_put_off"),
    path("<str:interaction_id>/register/method", choose_method, name="register_method"),
    path("<str:interaction_id>/register/set-up", set_up_method, name="register_set_up"),
    path("<str:interaction_id>/register/done", registered, name="register_done"),
    path("<str:interaction_id>/verify", verify, name="verify"),
    path("<str:interaction_id>/consent", permissions, name="consent"),
    path("<str:interaction_id>/cancel", cancel_step, name="cancel"),
]
