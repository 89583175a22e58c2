"""Fields of requests (RFC 2986), revocation lists (RFC 5280 §5.1) and OCSP (RFC 6960 §4)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_PROOF = "Made with the private key that belongs to the public key in it: it proves that whoever asks has that key."


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause, purpose, without, here)


REQUESTS: dict[str, Words] = {
    "CertificationRequest": _w(
        "Certificate signing request",
        "RFC 2986 §4.2",
        "Somebody asks a CA for a certificate: a name, a public key, wishes, and a signature that proves to have the "
        "private key.",
        here="It asks for a certificate: {value}.",
    ),
    "CertificationRequest.certificationRequestInfo": _w(
        "What is asked for",
        "RFC 2986 §4.1",
        "The name, the key and the wishes. Exactly these octets are signed.",
        here="{octets} octets are signed.",
    ),
    "CertificationRequestInfo.version": _w(
        "Version", "RFC 2986 §4.1", "Always v1, which is written as 0.", here="It is {value}."
    ),
    "CertificationRequestInfo.subject": _w(
        "Subject",
        "RFC 2986 §4.1",
        "The name that is wished for. The CA checks it and may write another.",
        "It may be empty if alternative names are asked for.",
        "For {value}.",
    ),
    "CertificationRequestInfo.subjectPKInfo": _w(
        "Public key",
        "RFC 2986 §4.1",
        "The key that the certificate is to be about. The private key stays with whoever asks.",
        "There would be nothing to certify.",
    ),
    "CertificationRequestInfo.attributes": _w(
        "Attributes",
        "RFC 2986 §4.1",
        "Wishes: mostly the extensions that the certificate should have. The field is there even if it is empty.",
        "Strict software refuses a request that lacks the field.",
    ),
    "CertificationRequest.signatureAlgorithm": _w(
        "Signature algorithm", "RFC 2986 §4.2", "With what the request was signed.", here="It is signed with {value}."
    ),
    "CertificationRequest.signature": _w(
        "Signature",
        "RFC 2986 §4.2",
        _PROOF,
        "Somebody could ask for a certificate over another's key.",
        "The signature: {value}.",
    ),
    "Attributes": _w("Attributes", "RFC 2986 §4.1", "Attributes, in the order of their octets."),
    "Attributes.Attribute": _w("Attribute", "RFC 2986 §4.1", "An attribute: its number and its values."),
    "Attribute.type": _w("Which attribute it is", "RFC 2986 §4.1", "Its number.", here="It is {value}."),
    "Attribute.values": _w("Values", "RFC 2986 §4.1", "A SET, though nearly all attributes have one value."),
    "AttributeValues.value": _w("Value", "RFC 2986 §4.1", "In the form that the attribute's number says."),
}
CRL_FIELDS: dict[str, Words] = {
    "CertificateList": _w(
        "Certificate revocation list",
        "RFC 5280 §5.1",
        "A CA names the certificates that it takes back before their time, by their numbers, over its signature.",
        here="It is {value}.",
    ),
    "CertificateList.tbsCertList": _w(
        "To-be-signed part", "RFC 5280 §5.1.1.1", "Exactly these octets are signed.", here="{octets} octets are signed."
    ),
    "CertificateList.signatureAlgorithm": _w(
        "Signature algorithm",
        "RFC 5280 §5.1.1.2",
        "With what the list was signed; it is repeated inside, and both have to be equal.",
        "Nobody could check the signature.",
        "It is signed with {value}.",
    ),
    "CertificateList.signatureValue": _w(
        "Signature",
        "RFC 5280 §5.1.1.3",
        "The issuer's signature over the list.",
        "Anybody could revoke anything, or make a revocation disappear.",
        "The signature: {value}.",
    ),
    "TBSCertList.version": _w(
        "Version",
        "RFC 5280 §5.1.2.1",
        "v2, written as 1, which a list with extensions has to say, and RFC 5280 wants extensions in each.",
        "It is a list of version 1, which has no extensions.",
        "It is {value}.",
    ),
    "TBSCertList.signature": _w(
        "Signature algorithm, inside",
        "RFC 5280 §5.1.2.2",
        "The same as outside, under the signature.",
        "If it is another than the one outside, the list is refused.",
        "The issuer signs with {value}.",
    ),
    "TBSCertList.issuer": _w(
        "Issuer",
        "RFC 5280 §5.1.2.3",
        "Who signed the list; mostly the CA that issued the certificates. It must not be empty.",
        "Nobody would know which certificates it is about.",
        "Published by {value}.",
    ),
    "TBSCertList.thisUpdate": _w(
        "Made at",
        "RFC 5280 §5.1.2.4",
        "When the list was made: what was revoked later is not in it.",
        "The newer of two lists could not be told.",
        "It was made at {value}.",
    ),
    "TBSCertList.nextUpdate": _w(
        "Next one by",
        "RFC 5280 §5.1.2.5",
        "The next list is there by this time, or earlier. After it the list is too old: strict software refuses every "
        "certificate until it has a newer one. RFC 5280 wants every list to say it.",
        "Nobody can tell when the list is too old, so an old one, from before a revocation, can be shown for ever.",
        "The next list is there by {value} at the latest.",
    ),
    "TBSCertList.revokedCertificates": _w(
        "Revoked certificates",
        "RFC 5280 §5.1.2.6",
        "One entry for each, until it expires by itself. The field is left out when nothing is revoked.",
        "Nothing is revoked.",
    ),
    "RevokedCertificates.RevokedCertificate": _w(
        "Revoked certificate", "RFC 5280 §5.1.2.6", "A certificate that the CA took back.", here="Revoked: {value}."
    ),
    "RevokedCertificate.userCertificate": _w(
        "Number of the certificate",
        "RFC 5280 §5.1.2.6",
        "Its serial number. Whose certificate it is says the issuer of the list, or an extension of the entry.",
        here="It is number {value}.",
    ),
    "RevokedCertificate.revocationDate": _w(
        "Revoked at",
        "RFC 5280 §5.1.2.6",
        "When the CA took it back. The harm may have begun before: that is the invalidity date.",
        here="It was revoked at {value}.",
    ),
    "RevokedCertificate.crlEntryExtensions": _w(
        "Extensions of the entry", "RFC 5280 §5.3", "More about this entry: mostly the reason."
    ),
    "TBSCertList.crlExtensions": _w(
        "Extensions of the list",
        "RFC 5280 §5.1.2.7",
        "More about the list: its number, and whose key signed it. RFC 5280 wants these two.",
        "Two lists could not be told apart by number.",
    ),
}
_SIGNERS = "Certificates that help to check the signature."
OCSP: dict[str, Words] = {
    "OCSPRequest": _w(
        "OCSP request", "RFC 6960 §4.1.1", "A client asks whether certificates are revoked.", here="It is {value}."
    ),
    "OCSPRequest.tbsRequest": _w("The question", "RFC 6960 §4.1.1", "What is asked; it may be signed, but rarely is."),
    "OCSPRequest.optionalSignature": _w(
        "Signature",
        "RFC 6960 §4.1.2",
        "It proves who asks, to a responder that does not answer everybody. Public ones do not want to know.",
        "The question is anonymous; a responder that insists answers `sigRequired`.",
    ),
    "TBSRequest.version": _w("Version", "RFC 6960 §4.1.1", "v1, and so left out.", here="It is {value}."),
    "OCSPVersion": _w("Version", "RFC 6960 §4.1.1", "v1 is written as 0, and so left out.", here="It is {value}."),
    "TBSRequest.requestorName": _w("Who asks", "RFC 6960 §4.1.2", "The client's name; whoever signs has to give it."),
    "TBSRequest.requestList": _w("Certificates", "RFC 6960 §4.1.1", "Each certificate that is asked about."),
    "RequestList.Request": _w("One certificate", "RFC 6960 §4.1.1", "A certificate that is asked about."),
    "Request.reqCert": _w("Which certificate", "RFC 6960 §4.1.1", "A certificate by its issuer and number."),
    "Request.singleRequestExtensions": _w("Extensions", "RFC 6960 §4.4", "More about this one question."),
    "TBSRequest.requestExtensions": _w("Extensions", "RFC 6960 §4.4", "More about the question, such as a nonce."),
    "Signature.signatureAlgorithm": _w("Algorithm", "RFC 6960 §4.1.1", "With what it is signed.", here="{value}."),
    "Signature.signature": _w("Signature", "RFC 6960 §4.1.1", "The client's signature.", here="{value}."),
    "Signature.certs": _w("Certificates", "RFC 6960 §4.1.2", _SIGNERS),
    "CertID.hashAlgorithm": _w(
        "Hash",
        "RFC 6960 §4.1.1",
        "How the two hashes were made. SHA-1 is usual and does no harm here: the hashes find the issuer, and prove "
        "nothing.",
        here="They are made by {value}.",
    ),
    "CertID.issuerNameHash": _w("Hash of the issuer's name", "RFC 6960 §4.1.1", "Over the issuer's name, in DER."),
    "CertID.issuerKeyHash": _w(
        "Hash of the issuer's key",
        "RFC 6960 §4.1.2",
        "Over the octets of its public key, so that two CAs of one name are told apart.",
    ),
    "CertID.serialNumber": _w("Number", "RFC 6960 §4.1.1", "The certificate's number.", here="It is number {value}."),
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
        here="It is {value}.",
    ),
    "OCSPResponse.responseBytes": _w(
        "The answer", "RFC 6960 §4.2.1", "It is there if all went well.", "The responder has only told an error."
    ),
    "ResponseBytes.responseType": _w("Kind", "RFC 6960 §4.2.1", "In practice always the basic one.", here="{value}."),
    "ResponseBytes.response": _w("Response", "RFC 6960 §4.2.1", "Octets that hold the response of that kind."),
    "BasicOCSPResponse": _w("Basic response", "RFC 6960 §4.2.1", "The answer and the responder's signature over it."),
    "BasicOCSPResponse.tbsResponseData": _w(
        "To-be-signed part", "RFC 6960 §4.2.1", "Exactly these octets are signed.", here="{octets} octets are signed."
    ),
    "BasicOCSPResponse.signatureAlgorithm": _w(
        "Signature algorithm", "RFC 6960 §4.2.1", "With what it was signed.", here="It is signed with {value}."
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
    "ResponseData.version": _w("Version", "RFC 6960 §4.2.1", "v1, and so left out.", here="It is {value}."),
    "ResponseData.responderID": _w(
        "Who answers",
        "RFC 6960 §4.2.2.3",
        "The responder, by its name or its key, so that the client finds the certificate that checks the signature.",
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
    "KeyHash": _w("Hash of the key", "RFC 6960 §4.2.1", "SHA-1 over the octets of the responder's public key."),
    "ResponseData.producedAt": _w(
        "Signed at",
        "RFC 6960 §2.4",
        "When the responder signed. It may have done so long before the question.",
        here="It was signed at {value}.",
    ),
    "ResponseData.responses": _w(
        "Answers",
        "RFC 6960 §4.2.2.3",
        "One for each certificate that was asked about; answers made in advance may tell of more.",
    ),
    "Responses.SingleResponse": _w("One answer", "RFC 6960 §4.2.1", "The state of one certificate."),
    "SingleResponse.certID": _w(
        "Which certificate",
        "RFC 6960 §3.2",
        "By its issuer and number, as in the question.",
        "The good answer about one certificate could be shown for another: the client has to compare.",
    ),
    "SingleResponse.certStatus": _w("State", "RFC 6960 §4.2.1", "Good, revoked or unknown."),
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
        "Reason", "RFC 5280 §5.3.1", "Why it was revoked.", "The reason is not told.", "It is {value}."
    ),
    "CRLReason": _w("Reason", "RFC 5280 §5.3.1", "Why it was revoked.", here="It is {value}."),
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
    "SingleResponse.singleExtensions": _w("Extensions", "RFC 6960 §4.4", "More about this one answer."),
    "ResponseData.responseExtensions": _w("Extensions", "RFC 6960 §4.4", "More about the answer, such as the nonce."),
}
