import json

import pytest
from django.conf import settings

from entra.directory.seeding import load_directory


@pytest.fixture
def world(db):
    """The demo world with its people and without its policies."""
    world = json.loads((settings.BASE_DIR / "demo" / "world.json").read_text())
    load_directory(world)
    return world
