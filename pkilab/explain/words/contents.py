"""Kinds of content, and attributes of requests, messages and containers, by their OBJECT IDENTIFIER."""

from __future__ import annotations

from pkilab.explain.words.entry import Named

CONTENTS: dict[str, Named] = {
    "1.2.840.113549.1.7.1": Named(
        "data", "Data", "RFC 5652 §4", "Octets of any kind; what they mean is agreed elsewhere."
    ),
    "1.2.840.113549.1.7.2": Named(
        "signedData",
        "Signed data",
        "RFC 5652 §5",
        "Content with signatures over it and the certificates to check them; also used to carry certificates alone.",
    ),
    "1.2.840.113549.1.7.3": Named(
        "envelopedData", "Enveloped data", "RFC 5652 §6", "Content that is encrypted to the keys of its recipients."
    ),
    "1.2.840.113549.1.7.5": Named("digestedData", "Digested data", "RFC 5652 §7", "Content with a hash of it."),
    "1.2.840.113549.1.7.6": Named(
        "encryptedData", "Encrypted data", "RFC 5652 §8", "Content that is encrypted by a key that is known otherwise."
    ),
    "1.2.840.113549.1.9.16.1.4": Named("tSTInfo", "Time stamp", "RFC 3161 §2.4.2", "A time stamp's signed content."),
    "1.3.6.1.4.1.311.2.1.4": Named("spcIndirectData", "Authenticode", "Microsoft", "The hash of a signed program."),
    "1.3.6.1.5.5.7.48.1.1": Named(
        "ocspBasic", "Basic OCSP response", "RFC 6960 §4.2.1", "The one kind of response that everybody understands."
    ),
    "1.2.840.113549.1.12.10.1.1": Named(
        "keyBag", "Private key, open", "RFC 7292 §4.2.1", "A key that is not encrypted."
    ),
    "1.2.840.113549.1.12.10.1.2": Named(
        "pkcs8ShroudedKeyBag", "Private key, encrypted", "RFC 7292 §4.2.2", "A key that is encrypted by a password."
    ),
    "1.2.840.113549.1.12.10.1.3": Named("certBag", "Certificate", "RFC 7292 §4.2.3", "A certificate."),
    "1.2.840.113549.1.12.10.1.4": Named("crlBag", "Revocation list", "RFC 7292 §4.2.4", "A revocation list."),
    "1.2.840.113549.1.12.10.1.5": Named("secretBag", "Secret", "RFC 7292 §4.2.5", "Any other secret."),
    "1.2.840.113549.1.12.10.1.6": Named("safeContentsBag", "Nested contents", "RFC 7292 §4.2.6", "Bags within a bag."),
    "1.2.840.113549.1.9.22.1": Named(
        "x509Certificate", "X.509 certificate", "RFC 7292 §4.2.3", "An X.509 certificate."
    ),
    "1.2.840.113549.1.9.22.2": Named("sdsiCertificate", "SDSI certificate", "RFC 7292 §4.2.3", "A kind nobody uses."),
    "1.2.840.113549.1.9.23.1": Named(
        "x509CRL", "X.509 revocation list", "RFC 7292 §4.2.4", "An X.509 revocation list."
    ),
}
ATTRIBUTES: dict[str, Named] = {
    "1.2.840.113549.1.9.3": Named(
        "contentType",
        "Content type",
        "RFC 5652 §11.1",
        "It repeats, under the signature, what kind of content was signed.",
        "The signed attributes have to have it; a message without is refused.",
    ),
    "1.2.840.113549.1.9.4": Named(
        "messageDigest",
        "Message digest",
        "RFC 5652 §11.2",
        "The hash of the content. The signature is over these attributes, and through this hash over the content.",
        "The signature would not hold the content; a message without it is refused.",
    ),
    "1.2.840.113549.1.9.5": Named(
        "signingTime",
        "Signing time",
        "RFC 5652 §11.3",
        "When the signer says to have signed, by the signer's own clock.",
        "Nobody knows when it was signed. Only a time stamp proves it anyway.",
    ),
    "1.2.840.113549.1.9.6": Named(
        "countersignature", "Countersignature", "RFC 5652 §11.4", "A signature over the signature, by somebody else."
    ),
    "1.2.840.113549.1.9.7": Named(
        "challengePassword",
        "Challenge password",
        "RFC 2985 §5.4.1",
        "A password by which the subject can ask for revocation later; some protocols (SCEP) use it to let the "
        "request in. It stands here in clear for everybody who sees the request.",
        "Only a CA that asks for it minds.",
    ),
    "1.2.840.113549.1.9.14": Named(
        "extensionRequest",
        "Extension request",
        "RFC 2985 §5.4.2",
        "The extensions that the subject would like to have in the certificate, such as alternative names. The CA "
        "decides what it grants.",
        "The CA has to know the alternative names otherwise, or the certificate will have none.",
    ),
    "1.3.6.1.4.1.311.2.1.14": Named(
        "msExtensionRequest", "Extension request (Microsoft)", "Microsoft", "The same by Microsoft's own number."
    ),
    "1.3.6.1.4.1.311.13.2.2": Named("msCSP", "Key provider", "Microsoft", "The program of Windows that holds the key."),
    "1.3.6.1.4.1.311.13.2.3": Named(
        "msOSVersion", "Version of Windows", "Microsoft", "Which Windows made the request."
    ),
    "1.3.6.1.4.1.311.21.20": Named("msClientInfo", "Client", "Microsoft", "Machine, user and program of the request."),
    "1.2.840.113549.1.9.15": Named(
        "smimeCapabilities", "S/MIME capabilities", "RFC 8551 §2.5.2", "The algorithms that a mail program understands."
    ),
    "1.2.840.113549.1.9.16.2.12": Named(
        "signingCertificate", "Signing certificate", "RFC 2634 §5.4", "The SHA-1 hash of the signer's certificate."
    ),
    "1.2.840.113549.1.9.16.2.47": Named(
        "signingCertificateV2",
        "Signing certificate",
        "RFC 5035 §3",
        "The hash of the signer's certificate, under the signature, so that no other can be put in its place.",
    ),
    "1.2.840.113549.1.9.16.2.14": Named(
        "timeStampToken", "Time stamp", "RFC 3161 §A", "A service's signed word on when the signature was there."
    ),
    "1.2.840.113549.1.9.52": Named(
        "cmsAlgorithmProtect",
        "Protection of the algorithms",
        "RFC 6211 §2",
        "It repeats the algorithms under the signature, so that they cannot be exchanged for weaker ones.",
    ),
    "1.2.840.113549.1.9.20": Named(
        "friendlyName", "Friendly name", "RFC 2985 §5.5.1", "What people call the key or certificate; programs show it."
    ),
    "1.2.840.113549.1.9.21": Named(
        "localKeyId",
        "Local key id",
        "RFC 2985 §5.5.2",
        "A mark that a key and its certificate share, so that a program finds which belong together.",
        "The program has to compare the keys themselves.",
    ),
    "1.3.6.1.4.1.311.17.1": Named("msKeyProvider", "Key provider", "Microsoft", "The program of Windows for the key."),
    "2.16.840.1.113894.746875.1.1": Named(
        "oracleTrustedKeyUsage", "Trusted usage (Java)", "Oracle", "What Java trusts the certificate for."
    ),
}
