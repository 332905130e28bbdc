"""The two files the demo world is made of, and the random numbers that are the same every time."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

SEED = 20261122


@dataclass(frozen=True)
class Demo:
    folder: Path
    now: datetime

    @cached_property
    def tenants(self) -> list[dict[str, Any]]:
        return list(json.loads((self.folder / "world.json").read_text("utf-8"))["tenants"])

    @cached_property
    def catalog(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "catalog.json").read_text("utf-8")))

    def tenant(self, key: str) -> dict[str, Any]:
        return next(tenant for tenant in self.tenants if tenant["key"] == key)


def numbers(*names: str) -> Random:
    """Random numbers of their own for each use, so that one part can change without changing the others."""
    return Random(f"{SEED}/{'/'.join(names)}")  # noqa: S311 -- demo data, not secrets


def random_uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
