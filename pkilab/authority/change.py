"""Changing settings of a configured CA server that concern what becomes of what it issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pkilab.authority.site import Site
from pkilab.errors import InvalidField
from pkilab.model.addresses import check_public_url
from pkilab.model.aftercare import SettingsChanged
from pkilab.model.journal import Facts
from pkilab.model.settings import check_days
from pkilab.store import authorities, journal

MOST_DAYS = 3650
"""Days that a revocation list or a responder's certificate may be valid, and of a reminder ahead."""


def change(
    site: Site,
    *,
    public_url: str | None,
    crl_days: int | None,
    responder_days: int | None,
    remind_days: Sequence[int] | None,
    by: str,
) -> SettingsChanged:
    """Change what is given, None leaves a setting as it is; what was issued before stays as it is.

    Raises:
        InvalidField: a value breaks its rule, or nothing was given; nothing was changed.
        NotConfigured: there is no CA server.
    """
    who = site.acting(by)
    wanted: dict[str, Any] = {}
    if public_url is not None:
        wanted["public_url"] = check_public_url(public_url)
    if crl_days is not None:
        wanted["crl_days"] = check_days("Validity of revocation lists", crl_days, latest=MOST_DAYS)
    if responder_days is not None:
        label = "Validity of the OCSP responder's certificate"
        wanted["responder_days"] = check_days(label, responder_days, latest=MOST_DAYS)
    if remind_days is not None:
        checked = (check_days("Reminders", days, latest=MOST_DAYS) for days in remind_days)
        wanted["remind_days"] = tuple(sorted(set(checked), reverse=True))
    if not wanted:
        raise InvalidField("Settings", "say what to change.")
    with site.writing() as tx:
        authority = site.authority(tx)
        settings = replace(authority.settings, **wanted)
        authorities.replace_settings(tx, settings)
        facts: Facts = {name: _plain(value) for name, value in wanted.items()}
        entry = journal.append(tx, site.instance, at=site.clock(), by=who, act="settings changed", facts=facts)
    site.note_head(authority, entry)
    told = f"The settings of {site.instance} are changed."
    if public_url is not None and settings.addresses is not None:
        told += (
            f" What it issues from now on names {settings.addresses.crl} for revocation lists and "
            f"{settings.addresses.ocsp} for OCSP; see that the web service is reached there."
        )
    elif public_url is not None:
        told += " What it issues from now on names no address for revocation."
    return SettingsChanged(settings=settings, message=told)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
