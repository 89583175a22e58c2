"""Nouns of the model built by hand, for tests that need no real key: the bytes in them are no DER."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pkilab.model.acts import (
    ClientConfigured,
    Configured,
    Found,
    Issued,
    Reached,
    Reinitialized,
    Saved,
    ServerCertificate,
    Submitted,
)
from pkilab.model.algorithm import PublicKey
from pkilab.model.certificate import Certificate, CertificateState, Chain, IssuedCertificate, ListedCertificate, Listing
from pkilab.model.contact import Contact
from pkilab.model.dn import Name
from pkilab.model.fingerprint import Fingerprint, Hash
from pkilab.model.message import ReceivedMessage
from pkilab.model.names import RequestName
from pkilab.model.request import (
    RecordedVerification,
    Request,
    RequestedExtension,
    RequestState,
    SigningRequest,
)
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.model.settings import CASettings, ClientSettings, MailSettings, Serials
from pkilab.model.usage import Usage
from pkilab.model.uses import DocumentMade, Exported, FileSigned, SignatureChecked, TlsTried
from pkilab.model.verdict import Judged, Purpose, Verdict

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
LATER = datetime(2027, 11, 23, 14, 2, tzinfo=UTC)
MGR = Path("/lab/instances/SANTIAGO/mgr")
MEDIUM = Path("/media/stick/ca")

KEY = PublicKey(family="RSA", label="RSA, 2048 bits", bits=2048, sha256="ab" * 32)
SUBJECT: Name = (
    (("C", "CL"),),
    (("O", "Lab Santiago"),),
    (("OU", "Development"),),
    (("CN", "santiago.lab.test"),),
)
CA_NAME: Name = ((("O", "Lab"),), (("CN", "Training CA"),))
MIDDLE_NAME: Name = ((("O", "Lab"),), (("CN", "Lab Intermediate"),))

CONTENT = SigningRequest(
    subject=SUBJECT,
    names=("DNS:santiago.lab.test", "IP:10.0.0.7"),
    key=KEY,
    extensions=(
        RequestedExtension(oid="2.5.29.17", name="subjectAltName", honoured=True),
        RequestedExtension(oid="2.5.29.19", name="basicConstraints", honoured=False),
    ),
    signature_algorithm="sha256WithRSAEncryption",
    fingerprint=Fingerprint.of(b"request"),
    der=b"request",
    subject_der=b"subject",
    key_der=b"key",
    names_der=b"names",
)
REQUEST = Request(
    id=3,
    ca="MyCA",
    ticket="a-ticket-nobody-guesses",
    name=RequestName("santiago", "SANTIAGO", "SantiagoDev"),
    claimed_subject="/C=CL/CN=santiago.lab.test",
    contact=Contact("Ana Rojas", "+56 2 5550 0142", "ana@lab.test"),
    content=CONTENT,
    received_at=NOW,
)
VERIFICATION = RecordedVerification(
    usage=Usage.TLS,
    path_length=None,
    compared=Hash.SHA256,
    fingerprint=CONTENT.fingerprint.sha256,
    by="eva",
    at=NOW,
)
DECIDED = replace(
    REQUEST, state=RequestState.ISSUED, decided_at=NOW, decided_by="eva", number=7, verification=VERIFICATION
)


def certificate(subject: Name = SUBJECT, issuer: Name = CA_NAME, *, ca: bool = False, serial: int = 7) -> Certificate:
    """A certificate of `subject` by `issuer`; both the same makes a root."""
    return Certificate(
        serial=serial,
        subject=subject,
        issuer=issuer,
        names=() if ca else ("DNS:santiago.lab.test", "IP:10.0.0.7"),
        key=KEY,
        not_before=NOW,
        not_after=LATER,
        ca=ca,
        path_length=0 if ca and subject != issuer else None,
        key_usage=("keyCertSign", "cRLSign", "digitalSignature") if ca else ("digitalSignature", "keyEncipherment"),
        extended_key_usage=() if ca else ("serverAuth", "clientAuth"),
        subject_key_id="AA:BB:01",
        authority_key_id="CC:DD:02",
        signature_algorithm="sha256WithRSAEncryption",
        fingerprint=Fingerprint.of(repr((subject, serial)).encode()),
        der=repr((subject, serial)).encode(),
        subject_der=repr(subject).encode(),
        issuer_der=repr(issuer).encode(),
    )


LEAF = certificate(issuer=MIDDLE_NAME)
MIDDLE = certificate(MIDDLE_NAME, CA_NAME, ca=True, serial=2)
ROOT = certificate(CA_NAME, CA_NAME, ca=True, serial=(1 << 158) + 12345)
CHAIN = Chain(certificates=(LEAF, MIDDLE, ROOT))
ISSUED = IssuedCertificate(
    number=7,
    ca="MyCA",
    name=REQUEST.name,
    certificate=certificate(),
    usage=Usage.TLS,
    issued_at=NOW,
    issued_by="eva",
    request_id=3,
)
REVOKED = replace(
    ISSUED,
    number=8,
    state=CertificateState.REVOKED,
    shortened=True,
    renews=7,
    revocation=Revocation(reason=RevocationReason.KEY_COMPROMISE, at=NOW, by="eva"),
)
OWN = replace(ISSUED, number=0, usage=None, certificate=ROOT, request_id=None)
RECEIVED = ReceivedMessage(
    id="3a5fb9113252",
    received_at=NOW,
    sender="ca-admin@lab.test",
    recipients=("ana@lab.test",),
    subject="Your certificate SantiagoDev was issued as number 7",
    body="The CA MyCA issued your certificate.\n\nNumber:   7\n",
    message_id="<ab@myca.pkilab.lab.test>",
)
LISTING = Listing(certificates=(ISSUED, REVOKED), total=120, after=52)
LISTED = (
    ListedCertificate(number=7, host="santiago", instance="SANTIAGO", root="SantiagoDev"),
    ListedCertificate(
        number=8,
        host="quito",
        instance="QUITO",
        root="QuitoDev",
        subject="CN = quito.lab.test",
        not_before=NOW,
        not_after=LATER,
        state="valid",
    ),
)
SETTINGS = CASettings(
    instance="MyCA",
    node="ca.lab.test",
    root="MyCA",
    directory=str(MEDIUM),
    issued_days=365,
    serials=Serials.COUNTER,
    mail=MailSettings(administrator="ca-admin@lab.test"),
    configured_at=NOW,
    configured_by="eva",
)
CLIENT = ClientSettings(
    host="ca.lab.test",
    port=52773,
    path="/isc/pki/PKI.CAServer.cls",
    contact=Contact("Ana Rojas", "+56 2 5550 0142", "ana@lab.test"),
)
FOUND = Found(directory=MEDIUM, root="MyCA", key=MEDIUM / "MyCA.key", certificate=None, serial=None, state="digest")
CONFIGURED = Configured(
    settings=SETTINGS,
    existing=False,
    certificate=ROOT,
    key_path=MEDIUM / "MyCA.key",
    certificate_path=MEDIUM / "MyCA.cer",
    serial_path=MEDIUM / "MyCA.srl",
    set_aside=(MEDIUM / "MyCA.key.old",),
    warnings=("The private key lies open.",),
    message="CA server MyCA is configured. It has a new key and certificate. Put the medium away.",
)
DONE = Issued(
    certificate=ISSUED, message="Certificate number 7 was issued for santiago:SANTIAGO:SantiagoDev. Lock it away."
)
REINITIALIZED = Reinitialized(
    instance="MyCA",
    archive=MGR / "archive.json",
    requests=2,
    certificates=7,
    message="CA server MyCA starts over. It can be configured anew.",
)
CLIENT_CONFIGURED = ClientConfigured(
    settings=CLIENT, message=f"SANTIAGO is a client of the CA server at {CLIENT.url}. Fetch the CA certificate next."
)
REACHED = Reached(
    url=CLIENT.url,
    certificate=ROOT,
    root="MyCA",
    instance="MyCA",
    host="ca.lab.test",
    api="http://ca.lab.test:52773/MyCA/api",
    message="Reached MyCA on ca.lab.test: O = Lab, CN = Training CA, until 2027-11-23.",
)
SERVER_CERTIFICATE = ServerCertificate(url="https://ca.lab.test:52773", certificate=ROOT)
SUBMITTED = Submitted(
    name=REQUEST.name,
    content=CONTENT,
    answer="SantiagoDev was successfully submitted to MyCA on ca.lab.test.",
    key_path=MGR / "SantiagoDev.key",
    csr_path=MGR / "SantiagoDev.csr",
    set_aside=(),
    message="SantiagoDev was successfully submitted to MyCA on ca.lab.test. Keep the fingerprints.",
)
SAVED = Saved(
    number=7,
    root="SantiagoDev",
    path=MGR / "SantiagoDev.cer",
    certificate=LEAF,
    chain=CHAIN,
    chain_path=MGR / "SantiagoDev-chain.cer",
    set_aside=(MGR / "SantiagoDev.cer.old",),
    unchanged=False,
    key_path=MGR / "SantiagoDev.key",
    warnings=("It ends in a week.",),
    message="Certificate number 7 was saved. It belongs to the key SantiagoDev.key.",
)
JUDGED = Judged(
    certificate=LEAF,
    purpose=Purpose.TLS_SERVER,
    name="santiago.lab.test",
    at=NOW,
    verdicts=(
        Verdict(judge="openssl", version="3.0.19", accepted=True, reason="a trusted root leads to it"),
        Verdict(judge="certtool", version="3.7.9", accepted=None, reason="this version judges the present alone"),
    ),
    differences=("certtool is no part of it: this version judges the present alone.",),
)
EXPORTED = Exported(
    root="SantiagoDev",
    paths=(MGR / "SantiagoDev.p12", MGR / "trust.pem"),
    set_aside=(MGR / "trust.pem.old",),
    message="Written: SantiagoDev.p12 and trust.pem.",
)
TLS_TRIED = TlsTried(
    root="SantiagoDev",
    certificate=LEAF,
    name="santiago.lab.test",
    version="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    message="A server and a client met as santiago.lab.test, and each accepted the other.",
)
FILE_SIGNED = FileSigned(
    path=MGR / "hello.sh",
    signature_path=MGR / "hello.sh.p7s",
    certificate=LEAF,
    set_aside=(),
    message="hello.sh was signed by Santiago.",
)
SIGNATURE_CHECKED = SignatureChecked(
    path=MGR / "hello.sh",
    signature_path=MGR / "hello.sh.p7s",
    signers=(JUDGED,),
    message="hello.sh is unchanged since it was signed by Santiago.",
)
DOCUMENT_MADE = DocumentMade(
    path=MGR / "order.xml",
    made_path=MGR / "order-signed.xml",
    set_aside=(MGR / "order-signed.xml.old",),
    message="order.xml was signed by Santiago.",
)
ACTS = (
    FOUND,
    CONFIGURED,
    DONE,
    REINITIALIZED,
    CLIENT_CONFIGURED,
    REACHED,
    SERVER_CERTIFICATE,
    SUBMITTED,
    SAVED,
    EXPORTED,
    TLS_TRIED,
    FILE_SIGNED,
    SIGNATURE_CHECKED,
    DOCUMENT_MADE,
)
