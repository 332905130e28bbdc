import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_ten_parallel_sign_ins_of_one_person_make_one_user_and_ten_sessions(tmp_path: Path) -> None:
    environment = os.environ | {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "DJANGO_SETTINGS_MODULE": "partnercenter.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.accounts.parallel_sign_ins"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.splitlines()[-1:] == [f"{[200] * 10} 1 10"], done.stderr[-3000:]
