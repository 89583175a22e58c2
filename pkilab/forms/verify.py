"""Verify a certificate (X5): several verifiers' verdicts side by side; the form's model and its view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets
from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.errors import InvalidField
from pkilab.forms.acting import acting
from pkilab.forms.fields import field
from pkilab.forms.model import FormModel, act
from pkilab.forms.own_view import upload
from pkilab.forms.pieces import FILE, PASTE, WHAT, Library
from pkilab.forms.traits import choice, line
from pkilab.forms.view import FormView, Surroundings, card, fold, shown_when, two
from pkilab.judges import bench
from pkilab.judges.evidence import read_crls
from pkilab.model.certificate import Certificate
from pkilab.model.verdict import Judged, Purpose
from pkilab.views import hood
from pkilab.x509 import certificate as certificates

_MOST = 1024 * 1024
_CERTIFICATES = ("certificate", "ca", FILE, PASTE)
NO_LISTS, OF_THE_CA, UPLOADED = "none", "ca", "uploaded"


def parse_at(text: str) -> datetime:
    """Return the time that a person typed; without a zone it is UTC.

    Raises:
        InvalidField: it is none.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidField("Time", "give a time such as 2027-01-31 or 2027-01-31T12:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Verify(FormModel):
    """What is judged, for what, by which trust and which revocation lists."""

    what = choice("Certificate", [(WHAT[what], what) for what in _CERTIFICATES], default=PASTE)
    number = line("Number", hint="The certificate's, as the CA counts.", required=True)
    file = line("File", hint="In the manager directory, such as SantiagoDev.cer.", required=True)
    pasted = line("Certificates in PEM", hint="The one to judge first, then those that came with it.", required=True)
    purpose = choice("Purpose", [(each.label, str(each)) for each in Purpose], default=str(Purpose.ANY))
    host = line("Name", hint="The DNS name or address that a server is reached at. Empty: not asked.")
    at = line("Time", hint="Such as 2027-01-31 or 2027-01-31T12:00Z. Empty: now.", check=parse_at)
    trust = line("Trusted certificates in PEM", hint="Empty: the roots of the CAs that are known here.")
    lists = choice(
        "Revocation lists",
        (("None is looked at", NO_LISTS), ("The CA's own", OF_THE_CA), ("One that is uploaded", UPLOADED)),
        default=NO_LISTS,
    )

    list_name = Unicode("")
    """The name of the list that was uploaded; empty while there is none."""
    trust_name = Unicode("")
    name_ = Unicode("")
    """The names of the files of which the texts came; empty where they were pasted."""
    hood = AnyTrait(None, allow_none=True)
    """The last verification under the hood."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._crls: tuple[bytes, ...] = ()
        super().__init__()
        self.what = next(iter(self.offers))
        self.observe(lambda _: self.recheck(), names="list_name")
        self.untouch()

    @property
    def offers(self) -> tuple[str, ...]:
        """Return what can be chosen now, something pasted last."""
        there = self.library.offers()
        return (*(each for each in _CERTIFICATES if each in there), PASTE)

    def absent(self, name: str) -> bool:
        """Each way of choosing has its own field."""
        fields = {"number": "certificate", "file": FILE, "pasted": PASTE}
        return name in fields and self.what != fields[name]

    def hindrances(self, act: str) -> Sequence[str]:
        """A list that is to be looked at has to be there."""
        del act
        return ("Choose the revocation list.",) if self.lists == UPLOADED and not self.list_name else ()

    def choose(self, what: str, *, number: str = "", file: str = "") -> None:
        """Choose a certificate of the lab: what a link or a cell does.

        Raises:
            InvalidField: it is none of what is offered.
        """
        if what not in self.offers:
            raise InvalidField("Certificate", f"choose one of {', '.join(self.offers)}.")
        self.what, self.number, self.file = what, number, file
        self.result = self.told = self.hood = None

    def take(self, name: str, data: bytes) -> None:
        """Take certificates from a file, in PEM or DER.

        Raises:
            InvalidField, CertificateUnreadable: it holds none.
        """
        self.pasted, self.what, self.name_ = self._text(name, data), PASTE, name

    def take_trust(self, name: str, data: bytes) -> None:
        """Take certificates to trust from a file; raises as `take`."""
        self.trust, self.trust_name = self._text(name, data), name

    def take_list(self, name: str, data: bytes) -> None:
        """Take revocation lists from a file, in PEM or DER.

        Raises:
            CannotRead: it holds none.
        """
        self._crls = read_crls(_small(data), path=Path(name))
        self.list_name, self.lists = name, UPLOADED

    @act("Asking the verifiers …")
    def verify(self) -> Judged:
        """Return what each of them says.

        Raises:
            PkilabError: the certificate, whom to trust, or a list cannot be had; a value breaks its rule.
        """
        self.result = None
        certificate, *beside = self._chosen()
        known = list(self.library.known())
        roots = _read(self.trust, "Trusted certificates in PEM") or [each for each in known if each.self_issued]
        between = [*beside, *(each for each in known if each != certificate and each not in roots)]
        crls = self._looked_at()
        done = bench.verify(
            certificate,
            between,
            roots,
            purpose=self.purpose,
            name=self.host,
            at=parse_at(self.at) if self.at.strip() else self.library.now(),
            crls=crls,
        )
        self.hood = hood.verify(done, between=between, roots=roots, crls=crls)
        self.result = done
        return done

    def _chosen(self) -> list[Certificate]:
        if self.what == PASTE:
            found = _read(self.pasted, "Certificates in PEM")
            if not found:
                raise InvalidField("Certificates in PEM", "there is none.")
            return found
        if self.what not in self.offers:
            raise InvalidField("Certificate", "this cannot be had here now.")
        piece = self.library.fetch(self.what, number=self.number.strip(), name=self.file.strip())
        return list(certificates.read_all(piece.data, path=Path(piece.title)))

    def _looked_at(self) -> tuple[bytes, ...]:
        if self.lists == OF_THE_CA:
            return (self.library.fetch("crl").data,)
        return self._crls if self.lists == UPLOADED else ()

    @staticmethod
    def _text(name: str, data: bytes) -> str:
        return "".join(each.pem for each in certificates.read_all(_small(data), path=Path(name)))


def _small(data: bytes) -> bytes:
    if len(data) > _MOST:
        raise InvalidField("File", f"at most {_MOST >> 20} MiB are taken.")
    return data


def _read(text: str, label: str) -> list[Certificate]:
    """Return the certificates in a text; none in an empty one."""
    if not text.strip():
        return []
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise InvalidField(label, "it has no line -----BEGIN CERTIFICATE-----.")
    return list(certificates.read_all(text.encode("ascii", "replace"), path=Path(label)))


class VerifyView(FormView):
    """What is asked at the left and right; below it the verdicts."""

    form: Verify

    def __init__(self, form: Verify, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Verify a certificate",
            lead="Programs do not agree on what a good certificate is. Several are asked the same question, and their "
            "verdicts stand side by side.",
        )
        self._offered: tuple[str, ...] = ()
        form.observe(lambda _: self.around.keep(), names=["what", "number", "file"])
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be had now."""
        if self.form.offers != self._offered:
            self._offered = self.form.offers
            self._lay_out()

    def opened(self, **words: str) -> None:
        """Take up the certificate that is named: a number of the CA's, or a file of the client."""
        number, file = words.get("number", ""), words.get("file", "")
        if (number or file) and (what := "certificate" if number else FILE) in self.form.offers:
            self.form.choose(what, number=number, file=file)

    def kept(self) -> dict[str, str]:
        """Return which certificate is looked at."""
        form = self.form
        if form.what == FILE and form.file:
            return {"file": form.file}
        return {"number": form.number} if form.what == "certificate" and form.number else {}

    def _lay_out(self) -> None:
        form, around = self.form, self.around
        options = [each for each in form.about("what")["options"] if each[1] in self._offered]

        def only(part: widgets.Widget, kind: str) -> widgets.Widget:
            return shown_when(part, form, "what", lambda what: what == kind)

        certificate = card(
            "What is judged",
            field(form, "what", options=options),
            only(field(form, "number"), "certificate"),
            only(field(form, "file", mono=True), FILE),
            only(field(form, "pasted", rows=6, mono=True), PASTE),
            only(upload("Or choose its file", form, form.take, "name_", around), PASTE),
        )
        question = card(
            "For what",
            field(form, "purpose"),
            field(form, "host", mono=True),
            field(form, "at", mono=True),
            field(form, "lists"),
            shown_when(
                upload("The revocation list", form, form.take_list, "list_name", around, accept=".crl,.pem,.der"),
                form,
                "lists",
                lambda lists: lists == UPLOADED,
            ),
            fold(
                "Whom to trust",
                field(form, "trust", rows=4, mono=True),
                upload("Or choose a file", form, form.take_trust, "trust_name", around),
                open_=bool(form.trust),
            ),
        )
        self.fill(
            two(certificate, question), acting(form, "verify", "Ask the verifiers", around.guard, main=True, says=False)
        )
