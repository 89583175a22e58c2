"""What a client sends with a CSR, checked as it comes in: one rule, whichever door it comes through."""

from __future__ import annotations

from pkilab.errors import InvalidField
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName, check_host, check_root
from pkilab.model.request import Submission
from pkilab.model.text import check_line, one_line

MAX_INSTANCE = 64
"""Characters of the name of a client's instance."""
MAX_SUBJECT = 1000
"""Characters of the subject in slash form."""


def received(*, name: RequestName, csr: str, contact: tuple[str, str, str], subject: str) -> Submission:
    """Return a submission whose envelope holds; `contact` is name, phone and mail address. The CSR is not read yet.

    Raises:
        InvalidField: a value breaks its rule; the field is called by its element in SOAP.
    """
    if not csr.strip():
        raise InvalidField("Contents", "the certificate signing request in PEM is required.")
    return Submission(
        name=RequestName(check_host(name.host, "Hostname"), _instance(name.instance), _root(name.root)),
        csr=csr,
        contact=Contact.received(*contact),
        subject=check_line("Subject", one_line(subject), upper_bound=MAX_SUBJECT),
    )


def _instance(value: str) -> str:
    """Return the instance's name: one line without colons, as it stands between colons in `Name`."""
    name = check_line("Instance", value, upper_bound=MAX_INSTANCE, required=True)
    if ":" in name:
        raise InvalidField("Instance", "a colon is not allowed in it.")
    return name


def _root(value: str) -> str:
    try:
        return check_root(value)
    except InvalidField as error:
        raise InvalidField("Filename", error.problem) from None
