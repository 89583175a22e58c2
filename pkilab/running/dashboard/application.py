"""Voilà as pkilab runs it: `python -m pkilab.running.dashboard.application` in the folder of its settings."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_core.utils import run_sync
from jupyter_server.base.handlers import FileFindHandler
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from pkilab.running.dashboard import letters
from pkilab.running.dashboard.doors import Channel, Farewell, Health, Kernel, Login, Nowhere, Page
from pkilab.running.dashboard.kernels import Kernels
from pkilab.running.dashboard.settings import Settings, load
from pkilab.running.dashboard.visitors import Owners, Visitors

_KERNEL = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_BODY = 64 * 1024
"""Octets of a request's body: a form with a token."""
_WIDGETS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
"""The extensions that a page needs; others that are installed are not loaded."""
_SORRY = "The log tells why; reload the page to try again."
_HEADERS = {
    # Whatever a page is made to hold, its browser asks no other host.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:;"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Application(Voila):  # type: ignore[misc]  # voila ships no types
    """One application: its notebook at `/`, and no door but ours."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(config=_config(settings))
        self._own = settings

        for log in (self.log, logging.getLogger("tornado.general")):
            log.addFilter(_worth_telling)

    def start(self) -> None:
        """Serve until a signal; a port that is taken is an error."""
        self.connection_dir = str(self._own.sockets)
        self.app = tornado.web.Application(**self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        self.app.listen(self._own.port, self._own.bind, max_body_size=_BODY)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End all kernels."""
        run_sync(self.kernel_manager.shutdown_all)()
        for path in self._own.sockets.glob(f"{self._own.name}-*"):
            shutil.rmtree(path, ignore_errors=True)

    def init_settings(self) -> dict[str, Any]:
        """Return Voilà's settings with ours in them."""
        settings: dict[str, Any] = super().init_settings()
        return {
            **settings,
            "cookie_secret": bytes.fromhex(self._own.secret),
            "headers": _HEADERS,
            "jinja2_env": settings["voila_jinja2_env"],
            "log_function": _log,
            "login_url": "/login",
            "most_kernels": self._own.most,
            "owners": Owners(),
            "page_title": self._own.title,
            "websocket_max_message_size": letters.LARGEST,
        }

    def init_handlers(self) -> list[Any]:
        """Return the doors; Voilà's own would be more."""
        page = {
            "notebook_path": self._own.notebook.name,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (r"/", Page, page),
            (r"/login", Login),
            (r"/healthz", Health),
            (rf"/api/kernels/{_KERNEL}", Kernel),
            (rf"/api/kernels/{_KERNEL}/channels", Channel),
            (rf"/voila/api/shutdown/{_KERNEL}", Farewell),
            (r"/voila/templates/(pkilab/static/[\w.-]+)", TemplateStaticFileHandler),
            (r"/voila/static/([\w.@/-]+)", MultiStaticFileHandler, {"paths": self.static_paths}),
            (r"/voila/labextensions/([\w.@/-]+)", FileFindHandler, {"path": self.labextensions_path}),
            (r".*", Nowhere),
        ]


def _config(settings: Settings) -> Config:
    """Return how Voilà, its kernels and their end are set."""
    return Config(
        {
            "Voila": {
                "config_file_paths": [],
                "identity_provider_class": Visitors,
                "ip": settings.bind,
                "log_level": logging.WARNING,
                "notebook_path": str(settings.notebook),
                "open_browser": False,
                "port": settings.port,
                "token": settings.token,
            },
            "VoilaConfiguration": {
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "default_pool_size": settings.pool,
                "extension_allowlist": _WIDGETS,
                "file_allowlist": [],
                "multi_kernel_manager_class": Kernels,
                "preheat_kernel": settings.pool > 0,
                "show_tracebacks": False,
                "template": "pkilab",
            },
            "VoilaExecutor": {"cell_error_instruction": _SORRY, "cell_timeout_instruction": _SORRY},
            "VoilaKernelManager": {"fill_delay": 0.2},
            "IdentityProvider": {
                # By name, as browsers keep one jar for all ports of a host.
                "cookie_name": f"pkilab-{settings.name}-{settings.port}",
                "cookie_options": {"samesite": "Lax"},
            },
            "MappingKernelManager": {
                "cull_connected": True,  # a page that is seen lets hear of it, one that is not may go
                "cull_idle_timeout": max(1, round(settings.idle)),
                "cull_interval": max(1, min(60, round(settings.idle / 10))),
            },
            "KernelManager": {"transport": settings.transport},
            "KernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0},
        }
    )


def _log(handler: tornado.web.RequestHandler) -> None:
    """Tell of what went wrong here; no address is told, as it may hold what is private."""
    if handler.get_status() >= 500:
        name = type(handler).__name__
        logging.getLogger("tornado.access").error("%s %s: %s", handler.get_status(), handler.request.method, name)


def _worth_telling(record: logging.LogRecord) -> bool:
    """Leave out what is meant for others: trust in a notebook, and Jupyter's milliseconds that tornado takes amiss."""
    return not any(words in str(record.msg) for words in ("is not trusted", "websocket_ping_timeout"))


def main() -> None:
    """Run the application whose settings lie in the working folder."""
    application = Application.instance(load(Path.cwd()))  # whose log is everybody's
    application.initialize([])
    application.start()


if __name__ == "__main__":
    main()
