"""The backend's entry point, by the name that Django looks for."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Once a request Django asks whether a kept connection still works, which costs a round trip to the server.

    A server that ends, or ends the connection, says so on the socket. While nothing has arrived there between two
    requests the connection is as good as it was; only if something has, or the request before met an error, is the
    server asked.
    """

    def is_usable(self) -> bool:
        kept = None if self.errors_occurred else self.connection
        if kept is not None and not kept.closed and not _has_arrived(kept.fileno()):
            return True
        return bool(super().is_usable())


def _has_arrived(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
