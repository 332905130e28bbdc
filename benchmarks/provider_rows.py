"""The results of `benchmarks.provider`, in a process of its own on stores of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLKIT, OIDC_PROVIDER = "django-oauth-toolkit", "oidc-provider"
WHAT = {
    "client_credentials": "tokens for an application",
    "refresh": "refresh tokens replaced",
    "sign_in": "sign-ins of five requests",
}
TARGETS = {
    ("client_credentials", OIDC_PROVIDER): 1.0,
    ("client_credentials", TOOLKIT): 4.0,
    ("refresh", TOOLKIT): 3.5,
    ("sign_in", TOOLKIT): 2.0,
}


def rows() -> list[dict[str, Any]]:
    answer = subprocess.check_output([sys.executable, "-m", "benchmarks.provider"], cwd=ROOT, text=True)
    measured = json.loads(answer[answer.index("{") :])
    return [
        _row(scenario, peer, ratio) for scenario, found in measured.items() for peer, ratio in found["ratios"].items()
    ]


def _row(scenario: str, peer: str, ratio: float) -> dict[str, Any]:
    target = TARGETS.get((scenario, peer))
    return {
        "id": f"{scenario.replace('_', '-')}-{peer}",
        "what": f"{WHAT[scenario]} in a second, of {peer}",
        "ratio": round(ratio, 3),
        "target": target,
        "holds": None if target is None else ratio >= target,
    }
