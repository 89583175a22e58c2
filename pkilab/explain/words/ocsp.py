"""Fields of questions to OCSP and of its answers (RFC 6960 §4)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause, purpose, without, here)


_SIGNERS = "Certificates that help to check the signature."
OCSP: dict[str, Words] = {
    "OCSPRequest": _w(
        "OCSP request",
        "RFC 6960 §4.1.1",
        "A client asks whether certificates are revoked, and gets news of this hour instead of a whole list.",
        "The client would have to get a revocation list, which is larger and mostly older.",
        "It is {value}.",
    ),
    "OCSPRequest.tbsRequest": _w(
        "The question",
        "RFC 6960 §4.1.1",
        "The question itself: which certificates, and mostly a nonce. It may be signed, but rarely is.",
    ),
    "OCSPRequest.optionalSignature": _w(
        "Signature",
        "RFC 6960 §4.1.2",
        "It proves who asks, to a responder that does not answer everybody. Public ones do not want to know.",
        "The question is anonymous; a responder that insists answers `sigRequired`.",
    ),
    "TBSRequest.version": _w(
        "Version", "RFC 6960 §4.1.1", "Always v1, the default, and so left out.", "v1 is meant.", "It is {value}."
    ),
    "OCSPVersion": _w(
        "Version",
        "RFC 6960 §4.1.1",
        "Always v1, written as 0: the default, and so left out.",
        "v1 is meant.",
        "It is {value}.",
    ),
    "TBSRequest.requestorName": _w("Who asks", "RFC 6960 §4.1.2", "The client's name; whoever signs has to give it."),
    "TBSRequest.requestList": _w(
        "Certificates", "RFC 6960 §4.1.1", "One entry for each certificate that is asked about; mostly there is one."
    ),
    "RequestList.Request": _w("One certificate", "RFC 6960 §4.1.1", "One certificate that is asked about."),
    "Request.reqCert": _w(
        "Which certificate",
        "RFC 6960 §4.1.1",
        "The certificate by its number, and its issuer by two hashes: so the question is short.",
    ),
    "Request.singleRequestExtensions": _w(
        "Extensions", "RFC 6960 §4.4", "More about this one certificate; hardly ever there."
    ),
    "TBSRequest.requestExtensions": _w("Extensions", "RFC 6960 §4.4", "More about the question, such as a nonce."),
    "Signature.signatureAlgorithm": _w(
        "Algorithm",
        "RFC 6960 §4.1.1",
        "The algorithm with which the question is signed.",
        "The responder could not check the signature.",
        "{value}.",
    ),
    "Signature.signature": _w(
        "Signature", "RFC 6960 §4.1.1", "The client's signature over the question.", here="{value}."
    ),
    "Signature.certs": _w("Certificates", "RFC 6960 §4.1.2", _SIGNERS),
    "CertID.hashAlgorithm": _w(
        "Hash",
        "RFC 6960 §4.1.1",
        "How the two hashes were made. SHA-1 is usual and does no harm here: the hashes find the issuer, and prove "
        "nothing.",
        here="They are made by {value}.",
    ),
    "CertID.issuerNameHash": _w(
        "Hash of the issuer's name",
        "RFC 6960 §4.1.1",
        "The hash of the issuer's name in DER, as it stands in the certificate.",
        "The responder could not find the issuer.",
    ),
    "CertID.issuerKeyHash": _w(
        "Hash of the issuer's key",
        "RFC 6960 §4.1.2",
        "Over the octets of its public key, so that two CAs of one name are told apart.",
        "Two CAs of one name could be mixed up.",
    ),
    "CertID.serialNumber": _w(
        "Number",
        "RFC 6960 §4.1.1",
        "The serial number of the certificate that is asked about.",
        "The responder could not tell which certificate is meant.",
        "It is number {value}.",
    ),
    "OCSPResponse": _w(
        "OCSP response",
        "RFC 6960 §4.2.1",
        "A responder says of each certificate that it was asked about whether it is revoked.",
        here="It is {value}.",
    ),
    "OCSPResponse.responseStatus": _w(
        "How it went",
        "RFC 6960 §2.3",
        "Whether the responder answers at all. It says nothing of a certificate. Errors are not signed: anybody on the "
        "way can make them.",
        "The client could not tell an error from an answer.",
        "It is {value}.",
    ),
    "OCSPResponse.responseBytes": _w(
        "The answer", "RFC 6960 §4.2.1", "It is there if all went well.", "The responder has only told an error."
    ),
    "ResponseBytes.responseType": _w(
        "Kind",
        "RFC 6960 §4.2.1",
        "The number of the kind of response; in practice always the basic one.",
        here="{value}.",
    ),
    "ResponseBytes.response": _w("Response", "RFC 6960 §4.2.1", "Octets that hold a response of that kind."),
    "BasicOCSPResponse": _w(
        "Basic response", "RFC 6960 §4.2.1", "What the responder states, and its signature over it."
    ),
    "BasicOCSPResponse.tbsResponseData": _w(
        "To-be-signed part",
        "RFC 6960 §4.2.1",
        "Everything that the responder states. Exactly these octets are signed.",
        "A signature over anything less would leave the rest to be exchanged.",
        "{octets} octets are signed.",
    ),
    "BasicOCSPResponse.signatureAlgorithm": _w(
        "Signature algorithm",
        "RFC 6960 §4.2.1",
        "The algorithm with which the answer was signed.",
        "The client could not check the signature.",
        "It is signed with {value}.",
    ),
    "BasicOCSPResponse.signature": _w(
        "Signature",
        "RFC 6960 §4.2.1",
        "Made by the CA that issued the certificates, by a responder to which it gave a certificate for that, or by "
        "one that the client was told to trust (RFC 6960 §4.2.2.2). Any other has to be refused.",
        "Anybody on the way could say `good`.",
        "The signature: {value}.",
    ),
    "BasicOCSPResponse.certs": _w(
        "Certificates",
        "RFC 6960 §4.2.2.3",
        f"{_SIGNERS} Mostly it is the responder's.",
        "The CA itself signed, or the client has to have the responder's certificate already.",
    ),
    "Certificates.Certificate": _w(
        "Certificate", "RFC 6960 §4.2.1", "A certificate that helps to check the signature.", here="It is {value}."
    ),
    "ResponseData.version": _w(
        "Version", "RFC 6960 §4.2.1", "Always v1, the default, and so left out.", "v1 is meant.", "It is {value}."
    ),
    "ResponseData.responderID": _w(
        "Who answers",
        "RFC 6960 §4.2.2.3",
        "The responder, by its name or its key, so that the client finds the certificate that checks the signature.",
        "The client would have to try every certificate that it has.",
    ),
    "ResponderID.byName": _w(
        "Who answers, by name",
        "RFC 6960 §4.2.2.3",
        "The subject of the responder's certificate, so that the client finds what checks the signature.",
        here="It is {value}.",
    ),
    "ResponderID.byKey": _w(
        "Who answers, by key",
        "RFC 6960 §4.2.2.3",
        "The SHA-1 hash of the responder's public key, so that the client finds what checks the signature.",
    ),
    "KeyHash": _w(
        "Hash of the key",
        "RFC 6960 §4.2.1",
        "The SHA-1 hash of the octets of the responder's public key, so that the client finds what checks the "
        "signature.",
    ),
    "ResponseData.producedAt": _w(
        "Signed at",
        "RFC 6960 §2.4",
        "When the responder signed. It may have done so long before the question.",
        "Only the time at which the state was known to be right tells how old the answer is.",
        "It was signed at {value}.",
    ),
    "ResponseData.responses": _w(
        "Answers",
        "RFC 6960 §4.2.2.3",
        "One for each certificate that was asked about; answers made in advance may tell of more.",
    ),
    "Responses.SingleResponse": _w(
        "One answer", "RFC 6960 §4.2.1", "What the responder says of one certificate, and for how long it holds."
    ),
    "SingleResponse.certID": _w(
        "Which certificate",
        "RFC 6960 §3.2",
        "By its issuer and number, as in the question.",
        "The good answer about one certificate could be shown for another: the client has to compare.",
    ),
    "SingleResponse.certStatus": _w(
        "State", "RFC 6960 §4.2.1", "Whether the certificate is good, revoked or unknown: this is the answer."
    ),
    "CertStatus.good": _w(
        "Good",
        "RFC 6960 §2.2",
        "It is not revoked. It does not say that the certificate was ever issued, or is within its validity.",
        here="The certificate is not revoked.",
    ),
    "CertStatus.revoked": _w(
        "Revoked",
        "RFC 6960 §2.2",
        "It is revoked for good, or on hold. Some responders say so of numbers that were never issued, too.",
        here="It is revoked: {value}.",
    ),
    "CertStatus.unknown": _w(
        "Unknown",
        "RFC 6960 §2.2",
        "The responder does not know this certificate; mostly it is of another CA. The client may ask elsewhere, such "
        "as in a revocation list.",
        here="The responder does not know the certificate.",
    ),
    "RevokedInfo.revocationTime": _w(
        "Revoked at", "RFC 6960 §2.4", "When it was revoked or put on hold.", here="It was revoked at {value}."
    ),
    "RevokedInfo.revocationReason": _w(
        "Reason",
        "RFC 5280 §5.3.1",
        "Why it was revoked. On hold means that it may become good again.",
        "The reason is not told.",
        "It is {value}.",
    ),
    "CRLReason": _w(
        "Reason",
        "RFC 5280 §5.3.1",
        "Why it was revoked: it tells a stolen key from a certificate that is only replaced.",
        here="It is {value}.",
    ),
    "SingleResponse.thisUpdate": _w(
        "Known to be right at",
        "RFC 6960 §2.4",
        "The last time at which the responder knew the state to be right. An answer from the future is not to be "
        "relied on.",
        "Nobody could tell how old the news is.",
        "The state was known to be right at {value}.",
    ),
    "SingleResponse.nextUpdate": _w(
        "Newer answer by",
        "RFC 6960 §4.2.2.1",
        "By this time there is a newer answer. Until then this one may be kept and used; after it, it is not to be "
        "relied on.",
        "Newer answers are to be had at any time, so there is no reason to keep this one.",
        "A newer answer is there by {value} at the latest.",
    ),
    "SingleResponse.singleExtensions": _w(
        "Extensions",
        "RFC 6960 §4.4",
        "More about this one answer, such as since when the key may have been in wrong hands.",
    ),
    "ResponseData.responseExtensions": _w(
        "Extensions", "RFC 6960 §4.4", "More about the whole answer, such as the nonce of the question."
    ),
}
