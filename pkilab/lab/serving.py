"""The web service in a cell: it sends what waits in the outbox, as `pkilab serve` does."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pkilab.web.service import Service

if TYPE_CHECKING:
    from pkilab.mail.service import MailService


class ServiceWithMail(Service):
    """The web service of a lab, and beside it what sends the lab's mail while it runs.

    Args:
        app: the ASGI application.
        mail: makes what sends.
        host, port, tls: as `Service` takes them.
    """

    def __init__(
        self,
        app: Any,
        mail: Callable[[], MailService],
        *,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(app, host=host, port=port, tls=tls)
        self._make_mail = mail
        self._mail: MailService | None = None

    def start(self) -> Service:
        """Listen, and send mail, or do neither; raises as `Service.start` and `MailService.start`."""
        super().start()
        if self._mail is None:
            with ExitStack() as on_failure:
                on_failure.callback(super().stop)
                self._mail = self._make_mail().start()
                on_failure.pop_all()
        return self

    def stop(self) -> None:
        """Send no more, take no more requests, finish those begun, and return."""
        mail, self._mail = self._mail, None
        try:
            if mail is not None:
                mail.stop()
        finally:
            super().stop()
