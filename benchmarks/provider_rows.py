"""The results of the provider's benchmark."""

from benchmarks.running import Row, measured, row

STORES_OF_ITS_OWN: tuple[str, ...] = ()
TOOLKIT, OIDC_PROVIDER = "django-oauth-toolkit", "oidc-provider"
WHAT = {
    "client_credentials": "tokens for an application",
    "refresh": "refresh tokens replaced",
    "sign_in": "whole sign-ins",
}
TARGETS = {
    ("client_credentials", OIDC_PROVIDER): 1.0,
    ("client_credentials", TOOLKIT): 4.0,
    ("refresh", TOOLKIT): 3.5,
    ("sign_in", TOOLKIT): 2.0,
}


def rows() -> list[Row]:
    found = measured("benchmarks.provider", STORES_OF_ITS_OWN)
    return [
        row(
            f"{scenario.replace('_', '-')}-{peer}",
            f"{WHAT[scenario]} in a second, of {peer}",
            ratio,
            TARGETS.get((scenario, peer)),
            at_least=True,
        )
        for scenario, figures in found.items()
        for peer, ratio in figures["ratios"].items()
    ]
