"""Submit a certificate signing request (C2, C3): the form's model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.errors import InvalidCSR, NotACAServer, PkilabError, Refused, Unreachable
from pkilab.forms.model import act
from pkilab.forms.ports import Client
from pkilab.forms.subject import SubjectFields
from pkilab.forms.traits import choice, line, secret
from pkilab.model.acts import Submitted
from pkilab.model.algorithm import DEFAULT_CLIENT, KeyAlgorithm
from pkilab.model.names import check_root
from pkilab.model.password import agreed
from pkilab.model.san import AlternativeName, is_ip_address
from pkilab.views.hood import Hood, resubmit, submit

HERE, ELSEWHERE = "here", "elsewhere"
_ALGORITHMS = {
    KeyAlgorithm.RSA_2048: "read by everything",
    KeyAlgorithm.RSA_3072: "stronger",
    KeyAlgorithm.RSA_4096: "takes seconds to make",
    KeyAlgorithm.EC_P256: "small and quick",
    KeyAlgorithm.EC_P384: "stronger",
    KeyAlgorithm.EC_P521: "strongest of its kind",
    KeyAlgorithm.ED25519: "modern, not read by all",
    KeyAlgorithm.ML_DSA_44: "post-quantum, read by few",
    KeyAlgorithm.ML_DSA_65: "the same, stronger",
    KeyAlgorithm.ML_DSA_87: "the same, strongest",
}


def algorithms() -> list[tuple[str, str]]:
    """Return the key algorithms as choices, each with a word on it."""
    return [(f"{algorithm.label}: {word}", str(algorithm)) for algorithm, word in _ALGORITHMS.items()]


def alternative_names(text: str) -> list[AlternativeName]:
    """Return the alternative names in a text, one a line or behind commas; a kind that is left out is guessed.

    Raises:
        InvalidField: one of them is none.
    """
    lines = [part.strip() for part in text.replace(",", "\n").splitlines() if part.strip()]
    return [AlternativeName.parse(_with_kind(each)) for each in lines]


def _with_kind(name: str) -> str:
    if name.partition(":")[0].strip().lower() in {"dns", "ip", "email", "mail", "rfc822", "uri"}:
        return name
    if is_ip_address(name):
        return f"IP:{name}"
    if "://" in name or name.lower().startswith("urn:"):
        return f"URI:{name}"
    return f"email:{name}" if "@" in name else f"DNS:{name}"


class Submit(SubjectFields):
    """A key pair and a request made here, or a request that another tool made; and sending either again."""

    root = line(
        "File root",
        hint="The files will be called so: SantiagoDev makes SantiagoDev.key and SantiagoDev.csr.",
        required=True,
        check=check_root,
    )
    made = choice(
        "The key and the request", (("Are made here", HERE), ("Were made by another tool", ELSEWHERE)), default=HERE
    )
    password = secret("Password", hint="It encrypts the private key. Left empty, the key lies open.")
    confirmation = secret("Password again")
    key_algorithm = choice("Key algorithm", algorithms(), default=str(DEFAULT_CLIENT))
    names = line(
        "Subject alternative names",
        hint="One a line, such as santiago.lab.test, 10.0.0.7, ana@lab.test or https://santiago.lab.test/. "
        "Left empty, a common name that is a DNS name or an address is taken.",
        check=alternative_names,
    )
    csr = line("Certificate signing request", required=True, hint="Its text, with the lines BEGIN and END.")

    stays = Unicode("")
    """The file root under which a request lies that could not be sent; empty when there is none."""
    hood = AnyTrait(None, allow_none=True)
    """The last act under the hood."""
    known = AnyTrait((), allow_none=True)
    """The numbers of the certificates that this instance had under the file root before."""

    def __init__(self, client: Client) -> None:
        self.client = client
        super().__init__()
        self._upload: bytes | None = None

    def absent(self, name: str) -> bool:
        """A request from elsewhere brings its names and its key."""
        if name == "csr":
            return bool(self.made == HERE)
        return bool(self.made == ELSEWHERE and name not in ("root", "made"))

    def crosswise(self) -> dict[str, str]:
        """Tell whether the two passwords differ, as soon as both stand there."""
        if self.made == HERE and self.confirmation and self.password != self.confirmation:
            return {"confirmation": "The two passwords differ."}
        return {}

    def hindrances(self, act: str) -> Sequence[str]:
        """An instance that is no client can send nothing."""
        found = []
        if not self.client.configured:
            found.append("Configure this instance as a CA client first.")
        if act == "submit" and self.made == HERE:
            found += self.without_name()
            if self.password and not self.confirmation:
                found.append("Password again is needed.")
        if act == "resubmit" and not self.stays:
            found.append("Nothing waits to be sent again.")
        return found

    def upload(self, data: bytes) -> None:
        """Take a request from a file, in PEM or DER; text is shown as it is."""
        self.made = ELSEWHERE
        self._upload = None
        if data.lstrip().startswith(b"-----"):
            self.csr = data.decode("ascii", "replace")
        else:
            self.csr = f"A file of {len(data)} octets in DER."
            self._upload = data

    @act("Making the key, and sending the request …")
    def submit(self) -> Submitted:
        """Make what is to be made, and send it.

        Raises:
            PkilabError: as `client.submit`; what was made stays, and `stays` says under which file root.
        """
        foreign = self.made == ELSEWHERE
        encrypted = bool(self.password)
        self.known = self._known()
        try:
            if foreign:
                done = self.client.submit(root=self.root, csr=self._csr())
            else:
                done = self.client.submit(
                    root=self.root,
                    subject=self.subject,
                    sans=alternative_names(self.names),
                    password=agreed(self.password, self.confirmation) or None,
                    confirmation=self.confirmation or None,
                    key_algorithm=self.key_algorithm,
                )
        except (Unreachable, NotACAServer, Refused):
            self.stays = self.root
            raise
        return self._done(done, submit(done, password=encrypted, foreign=foreign))

    @act("Sending the request again …", needs=())
    def resubmit(self) -> Submitted:
        """Send the request again that lies under the file root `stays` (C3).

        Raises:
            PkilabError: as `client.resubmit`; the request stays.
        """
        self.known = self._known()
        done = self.client.resubmit(root=self.stays)
        return self._done(done, resubmit(done))

    def again(self, root: str) -> None:
        """Take the request that lies under a file root as one that is to be sent again.

        Raises:
            InvalidField: it is no file root.
        """
        self.stays = check_root(root)
        self.recheck()

    def _done(self, done: Submitted, hood: Hood) -> Submitted:
        self.stays = ""
        self.hood = hood
        self.result = done
        return done

    def _csr(self) -> bytes | str:
        if self._upload is not None and self.csr.startswith("A file of "):
            return self._upload
        if "-----BEGIN" not in self.csr:
            raise InvalidCSR("it has no line -----BEGIN CERTIFICATE REQUEST-----")
        return self.csr

    def _known(self) -> tuple[int, ...]:
        with suppress(PkilabError):
            page = self.client.certificates(search=self.stays or self.root, mine=True, limit=500)
            return tuple(each.number for each in page.certificates)
        return ()
