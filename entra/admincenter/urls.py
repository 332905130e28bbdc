"""The admin center's pages, below `/admin`."""

from django.urls import path

from entra.admincenter.views import (
    controls,
    federation,
    guests,
    locations,
    managed_domains,
    passes,
    per_user,
    switches,
    tokens,
)
from entra.admincenter.views.overview import overview
from entra.admincenter.views.policies import (
    confirm_removal,
    edit_policy,
    new_policy,
    policies,
    policy_page,
    remove,
)
from entra.admincenter.views.policy_states import ask, set_state, switch_on
from entra.admincenter.views.sign_ins import sign_in, sign_ins
from entra.admincenter.views.signin import callback, sign_out, signed_out
from entra.admincenter.views.what_if import what_if_page

app_name = "admincenter"
urlpatterns = [
    path("", overview, name="overview"),
    path("/", overview),
    path("/signed-in", callback, name="callback"),
    path("/sign-out", sign_out, name="sign_out"),
    path("/signed-out", signed_out, name="signed_out"),
    path("/policies", policies, name="policies"),
    path("/policies/new", new_policy, name="new_policy"),
    path("/policies/<uuid:policy_id>", policy_page, name="policy"),
    path("/policies/<uuid:policy_id>/edit", edit_policy, name="edit_policy"),
    path("/policies/<uuid:policy_id>/delete", confirm_removal, name="confirm_policy_removal"),
    path("/policies/<uuid:policy_id>/deleted", remove, name="remove_policy"),
    path("/policies/<uuid:policy_id>/switch-on", switch_on, name="switch_on"),
    path("/policies/<uuid:policy_id>/state/<str:state>", set_state, name="set_policy_state"),
    path("/registration/ask", ask, name="ask_to_register"),
    path("/locations", locations.locations, name="locations"),
    path("/locations/new", locations.new_location, name="new_location"),
    path("/locations/<uuid:location_id>", locations.edit_location, name="location"),
    path("/locations/<uuid:location_id>/delete", locations.remove, name="remove_location"),
    path("/security-defaults", switches.security_defaults, name="security_defaults"),
    path("/methods", switches.methods, name="methods"),
    path("/legacy-authentication", switches.legacy, name="legacy"),
    path("/password-grant", switches.password_grant, name="password_grant"),
    path("/per-user-mfa", per_user.per_user, name="per_user"),
    path("/per-user-mfa/<uuid:account_id>", per_user.person, name="per_user_person"),
    path("/per-user-mfa/<uuid:account_id>/state", per_user.set_state, name="per_user_state"),
    path("/guests", guests.guests, name="guests"),
    path("/guests/trust", guests.trust, name="guest_trust"),
    path("/hardware-tokens", tokens.tokens, name="tokens"),
    path("/hardware-tokens/<uuid:token_id>", tokens.token_page, name="token"),
    path("/hardware-tokens/<uuid:token_id>/take-back", tokens.take_back, name="take_token_back"),
    path("/hardware-tokens/<uuid:token_id>/delete", tokens.remove, name="remove_token"),
    path("/custom-controls", controls.controls, name="controls"),
    path("/custom-controls/new", controls.new_control, name="new_control"),
    path("/custom-controls/<uuid:control_id>", controls.control_page, name="control"),
    path("/custom-controls/<uuid:control_id>/edit", controls.edit_control, name="edit_control"),
    path("/custom-controls/<uuid:control_id>/delete", controls.remove, name="remove_control"),
    path("/federation", federation.domains, name="domains"),
    path("/federation/<str:name>", federation.domain_page, name="domain"),
    path("/federation/<str:name>/mfa", federation.set_behavior, name="domain_mfa"),
    path("/federation/<str:name>/metadata", federation.metadata, name="domain_metadata"),
    path("/federation/<str:name>/trust", federation.trust, name="domain_trust"),
    path("/federation/<str:name>/next-certificate", federation.next_certificate, name="domain_certificate"),
    path("/federation/<str:name>/promote", federation.promote, name="domain_promote"),
    path("/federation/<str:name>/end", managed_domains.end_federation, name="domain_end"),
    path("/federation/<str:name>/people", managed_domains.people, name="domain_people"),
    path("/temporary-access-pass/<uuid:account_id>", passes.temporary_pass, name="temporary_pass"),
    path("/what-if", what_if_page, name="what_if"),
    path("/sign-ins", sign_ins, name="sign_ins"),
    path("/sign-ins/<uuid:sign_in_id>", sign_in, name="sign_in"),
]
