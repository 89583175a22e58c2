"""What a person asks for when they configure a CA server, checked as far as it can be without looking at files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pkilab.errors import InvalidField, WrongCase
from pkilab.model import password as password_rule
from pkilab.model.acts import Found
from pkilab.model.algorithm import DEFAULT_CA, KeyAlgorithm
from pkilab.model.certificate import MAX_SERIAL
from pkilab.model.contact import check_address
from pkilab.model.dn import DN
from pkilab.model.names import check_host, check_port
from pkilab.model.settings import MailSecurity, MailSettings, Serials, default_administrator
from pkilab.model.text import check_line


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigureSettings:
    """The fields of S1-S5. None means: not given. Passwords stay out of every repr.

    `existing` states the intent; `found` is what step one showed, so that a change since then is noticed.
    """

    root: str
    directory: str | Path
    issued_days: int
    existing: bool | None = None
    found: Found | None = None
    # for a new key and certificate alone
    password: str | None = field(default=None, repr=False)
    confirmation: str | None = field(default=None, repr=False)
    subject: DN | None = None
    ca_days: int | None = None
    key_algorithm: KeyAlgorithm | str | None = None
    # for an existing key and certificate alone
    last_serial: int | None = None
    chain: str | Path | None = None
    # for both
    serials: Serials | str = Serials.COUNTER
    admin_email: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_username: str = ""
    smtp_password: str | None = field(default=None, repr=False)
    smtp_confirmation: str | None = field(default=None, repr=False)
    smtp_security: MailSecurity | str = MailSecurity.NONE
    smtp_trust: str | Path | None = None
    public_url: str = ""
    by: str = ""

    @property
    def algorithm(self) -> KeyAlgorithm:
        """Return the key algorithm, the default where none was given."""
        return KeyAlgorithm.parse(self.key_algorithm) if self.key_algorithm else DEFAULT_CA

    @property
    def numbering(self) -> Serials:
        """Return how to number.

        Raises:
            InvalidField: neither counter nor random.
        """
        try:
            return Serials(self.serials)
        except ValueError:
            raise InvalidField("Serial numbers", f"choose one of {', '.join(Serials)}.") from None


def check_case(wish: ConfigureSettings, found: Found) -> None:
    """Make sure that what was asked for fits what is there: a new CA, or an existing one (S2, S3).

    Raises:
        WrongCase: arguments or the stated intent fit the other case.
    """
    if wish.existing is not None and wish.existing != found.existing:
        asked = "an existing CA was asked for" if wish.existing else "a new CA was asked for"
        mend = "choose another file root or directory, or say that it is the other case."
        raise WrongCase(found.existing, f"{asked}, and that does not fit; {mend}")
    new_only = {
        "password": wish.password,
        "subject": wish.subject,
        "validity of the CA certificate": wish.ca_days,
        "key algorithm": wish.key_algorithm,
    }
    existing_only = {"last serial number": wish.last_serial, "chain": wish.chain}
    refused = new_only if found.existing else existing_only
    given = [name for name, value in refused.items() if value is not None]
    if given:
        case = "a new one" if found.existing else "an existing one"
        raise WrongCase(found.existing, f"{', '.join(given)} can only be given for {case}; leave that out.")


def check_password(password: str | None, confirmation: str | None, *, label: str = "Password") -> str:
    """Return a password for a private key, agreed with its confirmation where one was given.

    Raises:
        InvalidField: none, too long, or with characters that no keyboard types.
        PasswordsDiffer: the two differ.
    """
    if not password:
        raise InvalidField(label, "the private key of a CA needs one; choose a good one and remember it.")
    return password_rule.agreed(password, confirmation, label=label)


def mail_settings(wish: ConfigureSettings, instance: str) -> MailSettings:
    """Return the mail settings (S5); where no server is named, mail goes to the lab's own inbox.

    Raises:
        InvalidField: a value breaks its rule.
        PasswordsDiffer: the SMTP password and its confirmation differ.
    """
    try:
        security = MailSecurity(wish.smtp_security)
    except ValueError:
        raise InvalidField("SMTP security", f"choose one of {', '.join(MailSecurity)}.") from None
    host = check_host(wish.smtp_host, "SMTP server") if wish.smtp_host.strip() else ""
    username = check_line("SMTP username", wish.smtp_username, upper_bound=200)
    if wish.smtp_password:
        password_rule.agreed(wish.smtp_password, wish.smtp_confirmation, label="SMTP password")
        if not username:
            raise InvalidField("SMTP username", "a password was given without a name to log in with; add the name.")
    if (username or security is not MailSecurity.NONE) and not host:
        raise InvalidField("SMTP server", "log-in and TLS need a server; name it, or leave all of these empty.")
    administrator = wish.admin_email.strip()
    return MailSettings(
        administrator=check_address(administrator, "CA administrator's address")
        if administrator
        else default_administrator(instance),
        host=host,
        port=check_port(wish.smtp_port, "SMTP port"),
        username=username,
        security=security,
        trust=_trust(wish.smtp_trust, security),
    )


def _trust(path: str | Path | None, security: MailSecurity) -> str:
    """Return the file of what to trust at the SMTP server, absolute; empty where none was named."""
    if path is None or not str(path).strip():
        return ""
    if security is MailSecurity.NONE:
        raise InvalidField("SMTP trust", "a file to trust is for STARTTLS and TLS; choose one, or leave it out.")
    found = Path(check_line("SMTP trust", str(path), upper_bound=1000)).absolute()
    if not found.is_file():
        raise InvalidField("SMTP trust", f"{found} is not there; name a PEM file with the certificate to trust.")
    return str(found)


def check_last_serial(number: int) -> int:
    """Return the number used last by an existing CA, from 0 to 20 octets."""
    if type(number) is not int or not 0 <= number <= MAX_SERIAL:
        raise InvalidField("Last serial number", "a whole number from 0 to the largest of 20 octets is needed.")
    return number
