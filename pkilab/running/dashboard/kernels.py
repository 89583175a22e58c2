"""The kernels of an application: one that ends, for whatever reason, closes its line, so that its page learns of it."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

GONE = 4404
"""What a line is closed with, of the numbers that are free for all."""


class Kernels(AsyncMappingKernelManager):
    """As Jupyter has them, but for their end."""

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that was ended or died, and close its lines."""
        kernel = super().remove_kernel(kernel_id)
        for line in tuple(ZMQChannelsWebsocketConnection._open_sockets):  # noqa: SLF001 - Jupyter has no other list
            if line.kernel_id == kernel_id:
                line.websocket_handler.close(GONE, "the kernel has ended")
        return kernel
