"""What Wingtip has of its own: its folder, its key, its people's names and demo password."""

import json
import os
from pathlib import Path
from typing import Any

from secretstore.certificates import generated_certificate

BASE_DIR = Path(__file__).resolve().parent.parent.parent
OWN_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var")) / "wingtip"
OWN_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
SIGNING = generated_certificate(OWN_DIR, "signing")
WORLD: dict[str, Any] = json.loads((BASE_DIR / "demo" / "world.json").read_text())
