"""The first five minutes: a CA, a request, a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Chain
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.request import Verification
from pkilab.model.usage import Usage
from pkilab.web.addresses import soap_path

if TYPE_CHECKING:
    from pkilab.authority.server import CAServer
    from pkilab.lab import Lab

CA = "FirstCA"
CLIENT = "FirstClient"
_NAME = "first.lab.test"


def first_certificate(lab: Lab, *, password: str) -> Chain:
    """Return the chain of the lab's first certificate; CA, request and certificate are made where they are missing.

    The CA is the instance `FirstCA`, its key under `password`; the certificate is that of the instance `FirstClient`.

    Raises:
        WrongPassword: the CA was made with another password, and a certificate is missing.
        PkilabError: whatever configuring, submitting and issuing may raise.
    """
    ca = lab.instance(CA, node="ca.lab.test").server
    if not ca.configured:
        _configure(ca, password)
    known = ca.certificates(instance=CLIENT).certificates
    issued = known[-1] if known else ca.certificate(_issue(lab, ca, password))
    return Chain(certificates=(issued.certificate, *ca.chain().certificates))


def _configure(ca: CAServer, password: str) -> None:
    """Configure the CA with a new key, or (it may have been reinitialized) with the one that is there."""
    if ca.look(root=CA, directory="ca").existing:
        ca.configure(root=CA, directory="ca", issued_days=365, existing=True)
        return
    subject = DN(organization="Training", common_name="My first CA")
    algorithm = KeyAlgorithm.EC_P256
    ca.configure(
        root=CA,
        directory="ca",
        password=password,
        subject=subject,
        ca_days=3650,
        issued_days=365,
        key_algorithm=algorithm,
    )


def _issue(lab: Lab, ca: CAServer, password: str) -> int:
    """Play both parts, over HTTP as always: submit a request, verify and issue it, fetch the certificate."""
    client = lab.instance(CLIENT, node=_NAME).client
    with lab.serve() as service:
        ana = Contact("Ana Rojas", phone="+56 2 2345 678")
        client.configure(host="localhost", port=service.port, path=soap_path(CA), contact=ana)
        subject = DN(common_name=_NAME)
        sent = client.submit(root=CLIENT, subject=subject, sans=[f"DNS:{_NAME}"], key_algorithm=KeyAlgorithm.EC_P256)
        (request,) = (each for each in ca.pending() if each.fingerprint == sent.fingerprint)
        heard = Verification(identity=True, authority=True, purpose=True, fingerprint=sent.fingerprint.sha256)
        issued = ca.issue(request.id, usage=Usage.TLS, verified=heard, password=password)
        client.get_ca_certificate()
        client.get(issued.number)
    return issued.number
