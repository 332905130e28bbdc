"""Stops a request whose body is larger than any form of the portal can need, before it is written to disk."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from support.attachments import LARGEST, MOST_AT_ONCE

LARGEST_BODY = MOST_AT_ONCE * LARGEST + 1024 * 1024


class QuotaUploadHandler(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS; passes everything on to the handlers after it."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > LARGEST_BODY:
            message = "The files are larger than can be sent at once."
            raise RequestDataTooBig(message)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
