"""What the card of a configured CA server says."""

from __future__ import annotations

from pkilab.model.acts import Found
from pkilab.model.settings import CASettings, MailSecurity, MailSettings, Serials
from pkilab.views import words
from pkilab.views.sheet import Kind, Row, Sheet

_SECURED = {MailSecurity.NONE: "without TLS", MailSecurity.STARTTLS: "with STARTTLS", MailSecurity.TLS: "over TLS"}


def ca_settings(value: CASettings, found: Found | None = None) -> Sheet:
    """Return how a CA server is configured; with `found`, also what lies there of its files now."""
    key = found.key if found else None
    state = "encrypted" if found and found.key_encrypted else "not encrypted: whoever reads the file can issue"
    absent = "The private key is not there now: its medium is not mounted."
    numbers = "counted, in a serial file beside the key" if value.serials is Serials.COUNTER else "random"
    return Sheet(
        title=f"CA server {value.instance}",
        rows=(
            Row(label="On host", lines=(value.node,)),
            Row(label="Directory", lines=(value.directory,), kind=Kind.PLACE),
            Row(label="File root", lines=(value.root,), kind=Kind.CODE),
            *((Row(label="Private key", lines=(state if key else absent,)),) if found else ()),
            Row(label="Certificates live", lines=(words.counted(value.issued_days, "day", "days"),)),
            Row(label="Serial numbers", lines=(numbers,)),
            Row(label="Mail goes to", lines=(value.mail.administrator,), note=_way(value.mail)),
            Row(label="Public address", lines=(value.public_url or "none",)),
            Row(label="Configured", lines=(words.moment(value.configured_at),), note=f"by {value.configured_by}"),
        ),
    )


def _way(mail: MailSettings) -> str:
    if not mail.host:
        return "through the lab's own mail server"
    return f"through {mail.host}, port {mail.port}, {_SECURED[mail.security]}"
