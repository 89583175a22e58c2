"""Configure this instance as a CA server (S1-S7): the form's model.

`next` looks what is there, and `found` decides which fields the second step has: those of a new key and certificate
(S2), or of existing ones (S3). `configure` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Dict

from pkilab.errors import FoundChanged, InvalidField
from pkilab.forms.configured_server import EncryptKey, Reinitialize
from pkilab.forms.model import Told, act
from pkilab.forms.ports import Server
from pkilab.forms.subject import SubjectFields
from pkilab.forms.traits import choice, line, secret
from pkilab.model.acts import Configured, Found, Imported
from pkilab.model.addresses import check_public_url
from pkilab.model.algorithm import DEFAULT_CA, KeyAlgorithm
from pkilab.model.contact import check_address
from pkilab.model.names import check_host, check_port, check_root, parse_serial
from pkilab.model.password import agreed
from pkilab.model.settings import MailSecurity, Serials, check_days, default_administrator
from pkilab.views import words
from pkilab.views.hood import configure

_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The last moment that a certificate can name (RFC 5280 §4.1.2.5)."""
_STEP_ONE = ("root", "directory", "container", "container_password")
_OF_A_NEW_ONE = ("password", "confirmation", "key_algorithm", "ca_days", *SubjectFields.subject_fields)
_OF_AN_EXISTING_ONE = ("last_serial", "chain")
_ALGORITHMS = {
    KeyAlgorithm.RSA_3072: "read by everything",
    KeyAlgorithm.RSA_4096: "stronger, slow to make",
    KeyAlgorithm.RSA_2048: "for old programs",
    KeyAlgorithm.EC_P256: "small and quick",
    KeyAlgorithm.EC_P384: "small, stronger",
    KeyAlgorithm.EC_P521: "not read by all browsers",
    KeyAlgorithm.ED25519: "not read by all programs",
    KeyAlgorithm.ML_DSA_44: "against quantum computers",
    KeyAlgorithm.ML_DSA_65: "the same, stronger",
    KeyAlgorithm.ML_DSA_87: "the same, strongest",
}
"""Short enough that a narrow page shows them whole."""
_CA_DAYS, _ISSUED_DAYS = "CA certificate, in days", "Certificates it issues, in days"


def _port(text: str) -> int:
    try:
        return check_port(int(text.strip()), "SMTP port")
    except ValueError:
        raise InvalidField("SMTP port", "a whole number from 1 to 65535 is needed, such as 25 or 587.") from None


def _host(text: str) -> str:
    return check_host(text, "SMTP server")


def _administrator(text: str) -> str:
    return check_address(text, "CA administrator's address")


def _usable(label: str) -> Callable[[str], object]:
    return lambda password: agreed(password, None, label=label)


class ConfigureServer(SubjectFields):
    """Where the CA's files lie; then who the CA is and how long it lives, or how it goes on.

    Args:
        server: the CA server.
        clock: gives the time in UTC, from which validities are counted.
    """

    root = line(
        "File root",
        hint="The files will be called so: MyCA stands for MyCA.key, MyCA.cer and MyCA.srl.",
        required=True,
        check=check_root,
    )
    directory = line(
        "Directory",
        hint="Such as /media/usb-ca, or a name such as ca, which lies in the manager directory. It is made on saving.",
        required=True,
    )
    container = line("PKCS#12 file", hint="Its path on the machine where the lab runs.")
    container_password = secret("Password of the PKCS#12 file", hint="The private key will be encrypted with it too.")

    password = secret(
        "Password",
        required=True,
        hint="It encrypts the private key, and is asked for at each issue.",
        check=_usable("Password"),
    )
    confirmation = secret("Password again", required=True)
    key_algorithm = choice(
        "Key algorithm",
        [(f"{algorithm.label}: {word}", str(algorithm)) for algorithm, word in _ALGORITHMS.items()],
        default=str(DEFAULT_CA),
    )
    ca_days = line(_CA_DAYS, default="3650", required=True)
    issued_days = line(_ISSUED_DAYS, default="365", required=True)

    serials = choice(
        "Serial numbers",
        (("Counted, in a serial file beside the key", Serials.COUNTER), ("Random", Serials.RANDOM)),
        default=str(Serials.COUNTER),
    )
    last_serial = line(
        "Last serial number",
        hint="The number that was used last, in hex as openssl shows it, such as 01FE; 00 if none was used yet.",
        required=True,
        check=parse_serial,
    )
    chain = line(
        "Chain",
        hint="For an intermediate CA: the PEM file with the certificates above it. "
        "Left empty, the file that is called as the CA's with -chain.cer is taken.",
    )

    admin_email = line("CA administrator's address", check=_administrator)
    smtp_host = line("SMTP server", hint="Left empty, mail goes to the lab's own inbox.", check=_host)
    smtp_port = line("SMTP port", default="25", required=True, check=_port)
    smtp_username = line("SMTP username", hint="The name to log in with, where the server asks for one.")
    smtp_password = secret("SMTP password", check=_usable("SMTP password"))
    smtp_confirmation = secret("SMTP password again")
    smtp_security = choice(
        "SMTP security",
        (
            ("None: readable on the way", MailSecurity.NONE),
            ("STARTTLS", MailSecurity.STARTTLS),
            ("TLS from the start", MailSecurity.TLS),
        ),
        default=str(MailSecurity.NONE),
    )
    smtp_trust = line("SMTP trust", hint="A PEM file with the certificate to trust. Empty: what the system trusts.")
    public_url = line(
        "Public address",
        hint="Where the web service is reached from outside, such as http://ca.lab.test:52773. Once it is known, "
        "certificates name where revocation is looked up.",
        check=check_public_url,
    )

    found = AnyTrait(None, allow_none=True)
    """What `next` found; None at step one."""
    until = Dict()
    """Field to sentence: until when the days reach."""
    hood = AnyTrait(None, allow_none=True)
    """What was done, under the hood."""

    def __init__(self, server: Server, *, clock: Callable[[], datetime]) -> None:
        self.server = server
        self.clock = clock
        self.start_over = Reinitialize(server)
        self.encrypt_key = EncryptKey(server)
        self._upload: tuple[str, bytes] | None = None
        super().__init__()
        self.observe(self._elsewhere, names=["root", "directory"])
        self.observe(lambda _: self.recheck(), names=["found"])

    # --- what the form shows ----------------------------------------------------------------------------------

    @property
    def administrator(self) -> str:
        """Return where mail to the administrator goes while no address is given."""
        return default_administrator(self.server.instance)

    def absent(self, name: str) -> bool:
        """Each step has its own fields, and each of the two cases too."""
        found: Found | None = self.found
        if found is None or name in _STEP_ONE:
            return found is not None or name not in _STEP_ONE
        if name == "last_serial":
            return not self.needs_last_serial
        if name == "smtp_trust":
            return bool(self.smtp_security == MailSecurity.NONE)
        return name in (_OF_A_NEW_ONE if found.existing else _OF_AN_EXISTING_ONE)

    @property
    def needs_last_serial(self) -> bool:
        """Tell whether the number used last has to be given: an existing CA without a serial file is to count on."""
        found: Found | None = self.found
        return bool(found and found.existing and found.serial is None and self.serials == Serials.COUNTER)

    def recheck(self) -> None:
        """Find problems and blockers anew, and until when the days reach."""
        super().recheck()
        self.until = dict(self._reaches())

    def crosswise(self) -> dict[str, str]:
        """Tell what passwords, days and mail settings make together."""
        problems = {}
        for name, again in (("password", "confirmation"), ("smtp_password", "smtp_confirmation")):
            if getattr(self, again) and getattr(self, name) != getattr(self, again) and not self.absent(again):
                problems[again] = "The two passwords differ."
        if self.found is not None:
            problems |= self._wrong_days() | self._wrong_mail()
        return problems

    def hindrances(self, act: str) -> Sequence[str]:
        """Tell what else blocks an act."""
        found: Found | None = self.found
        if act == "lay_out" and not self.container.strip() and self._upload is None:
            return ("Choose a PKCS#12 file, or give its path.",)
        if act != "configure":
            return ()
        if found is None:
            return ("Press Next first: it looks what is in the directory.",)
        reasons = [] if found.existing else list(self.without_name())
        if self.smtp_password and not self.smtp_confirmation:
            reasons.append("SMTP password again is needed.")
        return reasons

    # --- the steps --------------------------------------------------------------------------------------------

    @act("Looking what is there …", needs=("root", "directory"))
    def next(self) -> Found:
        """Look what is there, which decides the second step; nothing is made (S1).

        Raises:
            PkilabError: as `server.look`.
        """
        self.untouch()
        self.found = self.server.look(root=self.root, directory=self.directory)
        return self.found

    def back(self) -> None:
        """Go back to step one; the fields stay, the passwords do not."""
        for name in self.fields:
            if self.about(name)["secret"]:
                setattr(self, name, "")
        self.untouch()
        self.found = None

    def upload(self, name: str, data: bytes) -> None:
        """Take a PKCS#12 file that was chosen in the browser."""
        self._upload = (name, data)
        self.recheck()

    @act("Laying the file out …", needs=("root", "directory", "container", "container_password"))
    def lay_out(self) -> Imported:
        """Lay a PKCS#12 file out as key and certificate, and look at them (S3).

        Raises:
            PkilabError: as `server.import_container`; nothing was written then.
        """
        name, data = self._upload or (self.container.strip(), None)
        done: Imported = self.server.import_container(
            name, data=data, root=self.root, directory=self.directory, password=self.container_password or None
        )
        self._upload, self.container = None, ""
        self.untouch()
        self.found = self.server.look(root=self.root, directory=self.directory)
        self.told = Told((done.message,), good=True)
        return done

    @act("Making the key and the certificate …")
    def configure(self) -> Configured:
        """Configure the CA server with what stands in the form (S2, S3).

        Raises:
            FoundChanged: what lies there changed since `next`; the form is at step one again.
            PkilabError: as `server.configure`; nothing was written then.
        """
        found: Found = self.found
        last = parse_serial(self.last_serial) if self.needs_last_serial else None
        chain = self.chain.strip() or None
        if found.existing:
            self.working = "Reading the key and the certificate …"
        wish = self._existing(last, chain) if found.existing else self._new()
        try:
            done: Configured = self.server.configure(
                root=self.root,
                directory=self.directory,
                issued_days=int(self.issued_days),
                existing=found.existing,
                found=found,
                serials=self.serials,
                public_url=self.public_url,
                **wish,
                **self._mail(),
            )
        except FoundChanged:
            self.found = None
            raise
        self.hood = configure(
            done,
            directory=self.directory,
            last_serial=last if found.existing else None,
            chain=chain if found.existing else None,
            key_encrypted=found.key_encrypted,
            smtp_password=bool(self.smtp_password),
        )
        self.result = done
        return done

    def _new(self) -> dict[str, Any]:
        return {
            "password": self.password,
            "confirmation": self.confirmation,
            "subject": self.subject,
            "ca_days": int(self.ca_days),
            "key_algorithm": self.key_algorithm,
        }

    @staticmethod
    def _existing(last: int | None, chain: str | None) -> dict[str, Any]:
        return {"last_serial": last, "chain": chain}

    def _mail(self) -> dict[str, Any]:
        return {
            "admin_email": self.admin_email,
            "smtp_host": self.smtp_host,
            "smtp_port": _port(self.smtp_port),
            "smtp_username": self.smtp_username,
            "smtp_password": self.smtp_password or None,
            "smtp_confirmation": self.smtp_confirmation or None,
            "smtp_security": self.smtp_security,
            "smtp_trust": self.smtp_trust.strip() or None if self.smtp_security != MailSecurity.NONE else None,
        }

    # --- what the fields make together ------------------------------------------------------------------------

    def _elsewhere(self, _: object) -> None:
        """Look again where another place is named than the one that was looked at."""
        self.found = None

    def _days(self, name: str) -> int:
        """Return the days that stand in a field.

        Raises:
            InvalidField: they break the rule; its label is the field's.
        """
        text = str(getattr(self, name)).strip()
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        return check_days(self.about(name)["label"], days, latest=(_LAST - self.clock()).days)

    def _wrong_days(self) -> dict[str, str]:
        problems = {}
        for name in ("ca_days", "issued_days"):
            if str(getattr(self, name)).strip() and not self.absent(name):
                try:
                    self._days(name)
                except InvalidField as error:
                    problems[name] = error.problem[:1].upper() + error.problem[1:]
        return problems

    def _wrong_mail(self) -> dict[str, str]:
        problems = {}
        if (self.smtp_username.strip() or self.smtp_security != MailSecurity.NONE) and not self.smtp_host.strip():
            problems["smtp_host"] = "Log-in and TLS need a server; name it, or leave all of these empty."
        if self.smtp_password and not self.smtp_username.strip():
            problems["smtp_username"] = "A password was given without a name to log in with; add the name."
        return problems

    def _reaches(self) -> Iterator[tuple[str, str]]:
        wrong = self._wrong_days()
        for name in ("ca_days", "issued_days"):
            if self.found is None or self.absent(name) or name in wrong or not str(getattr(self, name)).strip():
                continue
            day = words.day(self.clock() + timedelta(days=self._days(name)))
            yield name, f"Until {day}." if name == "ca_days" else f"One issued today: until {day}."
