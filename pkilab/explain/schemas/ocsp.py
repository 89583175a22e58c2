"""Questions and answers of the Online Certificate Status Protocol (RFC 6960 §4)."""

from __future__ import annotations

from pkilab.explain.schema import (
    GENERALIZED_TIME,
    NULL,
    OCTET_STRING,
    OID,
    Type,
    by,
    choice,
    f,
    numbers,
    octets,
    seq,
    seq_of,
    simple,
)
from pkilab.explain.schemas.extensions import EXTENSIONS, REASONS, SERIAL
from pkilab.explain.schemas.names import ALGORITHM, GENERAL_NAME, NAME, SIGNATURE
from pkilab.explain.schemas.pkix import CERTIFICATE

VERSION = numbers("OCSPVersion", {0: "v1"})
_V1 = b"\x02\x01\x00"
CERT_ID = seq(
    "CertID",
    f("hashAlgorithm", ALGORITHM),
    f("issuerNameHash", OCTET_STRING),
    f("issuerKeyHash", OCTET_STRING),
    f("serialNumber", SERIAL),
)
CERTIFICATES = seq_of("Certificates", CERTIFICATE, some=False)
REQUEST = seq("Request", f("reqCert", CERT_ID), f("singleRequestExtensions", EXTENSIONS, explicit=0, optional=True))
TBS_REQUEST = seq(
    "TBSRequest",
    f("version", VERSION, explicit=0, default=_V1),
    f("requestorName", GENERAL_NAME, explicit=1, optional=True),
    f("requestList", seq_of("RequestList", REQUEST, some=False)),
    f("requestExtensions", EXTENSIONS, explicit=2, optional=True),
)
OCSP_SIGNATURE = seq(
    "Signature",
    f("signatureAlgorithm", ALGORITHM),
    f("signature", SIGNATURE),
    f("certs", CERTIFICATES, explicit=0, optional=True),
)
OCSP_REQUEST = seq(
    "OCSPRequest", f("tbsRequest", TBS_REQUEST), f("optionalSignature", OCSP_SIGNATURE, explicit=0, optional=True)
)

REVOKED = seq(
    "RevokedInfo",
    f("revocationTime", GENERALIZED_TIME),
    f("revocationReason", numbers("CRLReason", REASONS, "ENUMERATED"), explicit=0, optional=True),
)
STATUS = choice(
    "CertStatus",
    f("good", NULL, implicit=0),
    f("revoked", REVOKED, implicit=1),
    f("unknown", NULL, implicit=2),
    shown=True,
)
SINGLE = seq(
    "SingleResponse",
    f("certID", CERT_ID),
    f("certStatus", STATUS),
    f("thisUpdate", GENERALIZED_TIME),
    f("nextUpdate", GENERALIZED_TIME, explicit=0, optional=True),
    f("singleExtensions", EXTENSIONS, explicit=1, optional=True),
)
RESPONDER = choice(
    "ResponderID",
    f("byName", NAME, explicit=1),
    f("byKey", simple("KeyHash", "OCTET STRING"), explicit=2),
    shown=True,
)
RESPONSE_DATA = seq(
    "ResponseData",
    f("version", VERSION, explicit=0, default=_V1),
    f("responderID", RESPONDER),
    f("producedAt", GENERALIZED_TIME),
    f("responses", seq_of("Responses", SINGLE, some=False)),
    f("responseExtensions", EXTENSIONS, explicit=1, optional=True),
)
BASIC = seq(
    "BasicOCSPResponse",
    f("tbsResponseData", RESPONSE_DATA),
    f("signatureAlgorithm", ALGORITHM),
    f("signature", SIGNATURE),
    f("certs", CERTIFICATES, explicit=0, optional=True),
)
_RESPONSES: dict[str, Type] = {"1.3.6.1.5.5.7.48.1.1": octets(BASIC)}
RESPONSE_BYTES = seq(
    "ResponseBytes",
    f("responseType", OID),
    f("response", by("responseType", _RESPONSES, OCTET_STRING, OCTET_STRING.tags)),
)
STATUSES = {
    0: "successful",
    1: "malformedRequest",
    2: "internalError",
    3: "tryLater",
    5: "sigRequired",
    6: "unauthorized",
}
OCSP_RESPONSE = seq(
    "OCSPResponse",
    f("responseStatus", numbers("OCSPResponseStatus", STATUSES, "ENUMERATED")),
    f("responseBytes", RESPONSE_BYTES, explicit=0, optional=True),
)
