import io
import zipfile
from collections.abc import Callable

import pytest


@pytest.fixture
def office_file() -> Callable[..., bytes]:
    """Return `office_file("word/document.xml", …)`: an archive with these entries."""

    def build(*names: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in ("[Content_Types].xml", *names):
                archive.writestr(name, "<x/>")
        return buffer.getvalue()

    return build
