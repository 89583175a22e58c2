"""Fields of requests (RFC 2986) and revocation lists (RFC 5280 §5.1)."""

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
        "The CA would have to be told name and key otherwise, and could not tell whose key it is.",
        "It asks for a certificate: {value}.",
    ),
    "CertificationRequest.certificationRequestInfo": _w(
        "What is asked for",
        "RFC 2986 §4.1",
        "The name, the key and the wishes. Exactly these octets are signed.",
        here="{octets} octets are signed.",
    ),
    "CertificationRequestInfo.version": _w(
        "Version", "RFC 2986 §4.1", "Always v1, which is written as 0: there has been no other.", here="It is {value}."
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
        "Signature algorithm",
        "RFC 2986 §4.2",
        "The algorithm with which the request was signed.",
        "The CA could not check the signature.",
        "It is signed with {value}.",
    ),
    "CertificationRequest.signature": _w(
        "Signature",
        "RFC 2986 §4.2",
        _PROOF,
        "Somebody could ask for a certificate over another's key.",
        "The signature: {value}.",
    ),
    "Attributes": _w(
        "Attributes",
        "RFC 2986 §4.1",
        "A SET: in DER the attributes stand in the order of their octets, which says nothing.",
    ),
    "Attributes.Attribute": _w("Attribute", "RFC 2986 §4.1", "One attribute: its number, and its values."),
    "Attribute.type": _w(
        "Which attribute it is",
        "RFC 2986 §4.1",
        "The number of the attribute. It says what the values mean.",
        "Nobody could make sense of the values.",
        "It is {value}.",
    ),
    "Attribute.values": _w(
        "Values", "RFC 2986 §4.1", "A SET of values, since some attributes can have several; nearly all have one."
    ),
    "AttributeValues.value": _w("Value", "RFC 2986 §4.1", "The value, in the form that the attribute's number says."),
}
CRL_FIELDS: dict[str, Words] = {
    "CertificateList": _w(
        "Certificate revocation list",
        "RFC 5280 §5.1",
        "A CA names the certificates that it takes back before their time, by their numbers, over its signature.",
        "A stolen key would be good until its certificate ends.",
        "It is {value}.",
    ),
    "CertificateList.tbsCertList": _w(
        "To-be-signed part",
        "RFC 5280 §5.1.1.1",
        "Everything that the CA states. Exactly these octets are signed.",
        "A signature over anything less would leave the rest to be exchanged.",
        "{octets} octets are signed.",
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
        "The serial number of the revoked certificate. Whose it is says the issuer of the list, or an extension "
        "of the entry.",
        "Nobody could tell which certificate is meant.",
        "It is number {value}.",
    ),
    "RevokedCertificate.revocationDate": _w(
        "Revoked at",
        "RFC 5280 §5.1.2.6",
        "When the CA took it back. The harm may have begun before: that is the invalidity date.",
        here="It was revoked at {value}.",
    ),
    "RevokedCertificate.crlEntryExtensions": _w(
        "Extensions of the entry",
        "RFC 5280 §5.3",
        "More about this entry: mostly the reason, or since when the harm may have been done.",
        "Only number and time are known.",
    ),
    "TBSCertList.crlExtensions": _w(
        "Extensions of the list",
        "RFC 5280 §5.1.2.7",
        "More about the list: its number, and whose key signed it. RFC 5280 wants these two.",
        "Two lists could not be told apart by number.",
    ),
}
