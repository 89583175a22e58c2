"""Certificates, requests and lists (RFC 5280 §4.1, §5.1; RFC 2986 §4; RFC 2985)."""

from __future__ import annotations

from pkilab.explain.schema import (
    ANY,
    BMP,
    GENERALIZED_TIME,
    IA5,
    OCTET_STRING,
    OID,
    UTC_TIME,
    By,
    Type,
    choice,
    f,
    numbers,
    seq,
    seq_of,
    set_of,
    simple,
)
from pkilab.explain.schemas.extensions import EXTENSIONS, POLICY, SERIAL
from pkilab.explain.schemas.names import ALGORITHM, DIRECTORY_STRING, GENERAL_NAMES, NAME, PUBLIC_KEY, SIGNATURE

VERSION = numbers("Version", {0: "v1", 1: "v2", 2: "v3"})
TIME = choice("Time", f("utcTime", UTC_TIME), f("generalTime", GENERALIZED_TIME))
UNIQUE_ID = simple("UniqueIdentifier", "BIT STRING")
VALIDITY = seq("Validity", f("notBefore", TIME), f("notAfter", TIME))
TBS_CERTIFICATE = seq(
    "TBSCertificate",
    f("version", VERSION, explicit=0, default=b"\x02\x01\x00"),
    f("serialNumber", SERIAL),
    f("signature", ALGORITHM),
    f("issuer", NAME),
    f("validity", VALIDITY),
    f("subject", NAME),
    f("subjectPublicKeyInfo", PUBLIC_KEY),
    f("issuerUniqueID", UNIQUE_ID, implicit=1, optional=True),
    f("subjectUniqueID", UNIQUE_ID, implicit=2, optional=True),
    f("extensions", EXTENSIONS, explicit=3, optional=True),
)
CERTIFICATE = seq(
    "Certificate",
    f("tbsCertificate", TBS_CERTIFICATE),
    f("signatureAlgorithm", ALGORITHM),
    f("signatureValue", SIGNATURE),
)

# ------------------------------------------------------------------ attributes (RFC 2985, RFC 5652 §11, RFC 7292)

CERT_ID = seq(
    "ESSCertIDv2",
    f("hashAlgorithm", ALGORITHM, optional=True),
    f("certHash", OCTET_STRING),
    f("issuerSerial", seq("IssuerSerial", f("issuer", GENERAL_NAMES), f("serialNumber", SERIAL)), optional=True),
)
SIGNING_CERTIFICATE = seq(
    "SigningCertificateV2",
    f("certs", seq_of("ESSCertIDs", CERT_ID)),
    f("policies", seq_of("Policies", POLICY), optional=True),
)
CAPABILITIES = seq_of(
    "SMIMECapabilities",
    seq("SMIMECapability", f("capabilityID", OID), f("parameters", ANY, optional=True)),
    some=False,
)
ATTRIBUTE_VALUES: dict[str, Type] = {
    "1.2.840.113549.1.9.2": DIRECTORY_STRING,
    "1.2.840.113549.1.9.3": OID,
    "1.2.840.113549.1.9.4": OCTET_STRING,
    "1.2.840.113549.1.9.5": TIME,
    "1.2.840.113549.1.9.7": DIRECTORY_STRING,
    "1.2.840.113549.1.9.14": EXTENSIONS,
    "1.3.6.1.4.1.311.2.1.14": EXTENSIONS,
    "1.3.6.1.4.1.311.13.2.3": IA5,
    "1.2.840.113549.1.9.15": CAPABILITIES,
    "1.2.840.113549.1.9.20": BMP,
    "1.2.840.113549.1.9.21": OCTET_STRING,
    "1.2.840.113549.1.9.16.2.12": SIGNING_CERTIFICATE,
    "1.2.840.113549.1.9.16.2.47": SIGNING_CERTIFICATE,
    "1.3.6.1.4.1.311.17.1": BMP,
    "2.16.840.1.113894.746875.1.1": OID,
}
_SETS: dict[str, Type] = {oid: set_of("AttributeValues", type_, "value") for oid, type_ in ATTRIBUTE_VALUES.items()}
_ANY_SET = set_of("AttributeValues", ANY, "value")
ATTRIBUTE = seq(
    "Attribute",
    f("type", OID),
    f(
        "values",
        By(name="values", tags=_ANY_SET.tags, selector="type", find=lambda oid: _SETS.get(oid, _ANY_SET)),
    ),
)
ATTRIBUTES = set_of("Attributes", ATTRIBUTE, some=False)

# ------------------------------------------------------------------ requests

REQUEST_INFO = seq(
    "CertificationRequestInfo",
    f("version", numbers("RequestVersion", {0: "v1"})),
    f("subject", NAME),
    f("subjectPKInfo", PUBLIC_KEY),
    f("attributes", ATTRIBUTES, implicit=0),
)
REQUEST = seq(
    "CertificationRequest",
    f("certificationRequestInfo", REQUEST_INFO),
    f("signatureAlgorithm", ALGORITHM),
    f("signature", SIGNATURE),
)

# ------------------------------------------------------------------ lists

REVOKED = seq(
    "RevokedCertificate",
    f("userCertificate", SERIAL),
    f("revocationDate", TIME),
    f("crlEntryExtensions", EXTENSIONS, optional=True),
)
TBS_LIST = seq(
    "TBSCertList",
    f("version", VERSION, optional=True),
    f("signature", ALGORITHM),
    f("issuer", NAME),
    f("thisUpdate", TIME),
    f("nextUpdate", TIME, optional=True),
    f("revokedCertificates", seq_of("RevokedCertificates", REVOKED), optional=True),
    f("crlExtensions", EXTENSIONS, explicit=0, optional=True),
)
LIST = seq(
    "CertificateList", f("tbsCertList", TBS_LIST), f("signatureAlgorithm", ALGORITHM), f("signatureValue", SIGNATURE)
)
