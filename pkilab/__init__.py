"""pkilab: an interactive public key infrastructure lab, for training and tests, never for production.

The names below are what a scripted cell uses; each is loaded when it is first touched, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pkilab.errors import PkilabError
    from pkilab.lab import Instance, Lab
    from pkilab.model.algorithm import KeyAlgorithm
    from pkilab.model.contact import Contact
    from pkilab.model.dn import DN
    from pkilab.model.request import Verification
    from pkilab.model.revocation import RevocationReason
    from pkilab.model.san import AlternativeName
    from pkilab.model.settings import MailSecurity, MailSettings, Serials
    from pkilab.model.usage import Usage

__version__ = "0.1.0.dev0"

_HOMES = {
    "AlternativeName": "model.san",
    "Contact": "model.contact",
    "DN": "model.dn",
    "Desk": "desk",
    "Instance": "lab",
    "KeyAlgorithm": "model.algorithm",
    "Lab": "lab",
    "MailSecurity": "model.settings",
    "MailSettings": "model.settings",
    "PkilabError": "errors",
    "RevocationReason": "model.revocation",
    "Serials": "model.settings",
    "Usage": "model.usage",
    "Verification": "model.request",
}

__all__ = [
    "DN",
    "AlternativeName",
    "Contact",
    "Desk",
    "Instance",
    "KeyAlgorithm",
    "Lab",
    "MailSecurity",
    "MailSettings",
    "PkilabError",
    "RevocationReason",
    "Serials",
    "Usage",
    "Verification",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its room."""
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return [*__all__, "__version__"]
