"""Extensions of certificates that RFC 5280 defines (§4.2), by their OBJECT IDENTIFIER."""

from __future__ import annotations

from pkilab.explain.words.entry import Named

EXTENSIONS: dict[str, Named] = {
    # ------------------------------------------------------------ RFC 5280 §4.2.1
    "2.5.29.35": Named(
        "authorityKeyIdentifier",
        "Authority key identifier",
        "RFC 5280 §4.2.1.1",
        "It says which key of the issuer signed this, where the issuer has several, as after a renewal of its key. "
        "It repeats the subject key identifier of the issuer's certificate. Every certificate has to have it, but one "
        "that is signed with its own key; every revocation list, too (RFC 5280 §5.2.1).",
        "Software has to try every certificate that bears the issuer's name, and may build the wrong chain. It is a "
        "hint for finding the issuer: only the signature proves that this is the one.",
    ),
    "2.5.29.14": Named(
        "subjectKeyIdentifier",
        "Subject key identifier",
        "RFC 5280 §4.2.1.2",
        "It is a short name of the public key in this certificate, mostly a hash of it. Certificates that this key "
        "signs repeat it as their authority key identifier. A CA's certificate has to have it, others should.",
        "Chains are found by the issuer's name alone, which is not enough once a CA has a second key.",
    ),
    "2.5.29.15": Named(
        "keyUsage",
        "Key usage",
        "RFC 5280 §4.2.1.3",
        "It limits what the key may be used for, whatever else it could do: a key that signs TLS handshakes is not to "
        "sign certificates. The certificate of whoever signs certificates or revocation lists has to have it, with "
        "keyCertSign or cRLSign.",
        "Without it the key may be used for everything that the other extensions allow. Without keyCertSign in it, no "
        "certificate signed by this key is accepted; without cRLSign, no revocation list.",
    ),
    "2.5.29.16": Named(
        "privateKeyUsagePeriod",
        "Private key usage period",
        "RFC 3280 §4.2.1.4",
        "It lets a key sign for a shorter time than its signatures are to be checked. RFC 5280 no longer describes it; "
        "passports and some European signing CAs still use it.",
        "Nearly all software ignores it, and then the certificate's validity alone counts.",
    ),
    "2.5.29.32": Named(
        "certificatePolicies",
        "Certificate policies",
        "RFC 5280 §4.2.1.4",
        "It names the rules under which the certificate was issued, such as how the subject was checked, and may point "
        "to their text. In a CA's certificate it limits the policies of what is issued below.",
        "Whoever asks for a policy, as a validator that is told to do so, finds none and refuses; others do not mind.",
    ),
    "2.5.29.33": Named(
        "policyMappings",
        "Policy mappings",
        "RFC 5280 §4.2.1.5",
        "In a CA's certificate it says that a policy of the issuer counts as equal to one of the subject, so that two "
        "organisations can trust each other's rules.",
        "Policies of the two sides stay different ones: whoever demands a policy of the one side refuses certificates "
        "of the other.",
    ),
    "2.5.29.17": Named(
        "subjectAltName",
        "Subject alternative name",
        "RFC 5280 §4.2.1.6",
        "It lists the names that the certificate is good for: DNS names, IP addresses, mail addresses, URIs. TLS "
        "clients compare the name that they wanted to reach with these. The CA has to verify each.",
        "Browsers and today's TLS libraries ignore the common name (RFC 9525), so a server certificate without the "
        "right name here is refused. Where the subject is empty it has to be there, and critical.",
    ),
    "2.5.29.18": Named(
        "issuerAltName",
        "Issuer alternative name",
        "RFC 5280 §4.2.1.7",
        "It gives other names of the issuer, such as its mail or web address.",
        "Nothing: it is not used to check a chain.",
    ),
    "2.5.29.9": Named(
        "subjectDirectoryAttributes",
        "Subject directory attributes",
        "RFC 5280 §4.2.1.8",
        "It holds attributes of the subject that are no part of its name, such as a nationality or a date of birth. "
        "It must not be critical.",
        "Nothing: few programs read it.",
    ),
    "2.5.29.19": Named(
        "basicConstraints",
        "Basic constraints",
        "RFC 5280 §4.2.1.9",
        "It says whether the subject is a CA, whose key may sign certificates, and how many CAs may follow below. This "
        "is what keeps whoever holds an ordinary certificate from acting as a CA. Of a CA it has to be critical.",
        "Without cA TRUE nothing signed by this key is accepted as a certificate. If software did not check it, every "
        "holder of any certificate could make certificates for everybody.",
    ),
    "2.5.29.30": Named(
        "nameConstraints",
        "Name constraints",
        "RFC 5280 §4.2.1.10",
        "In a CA's certificate it limits the names in all certificates below: only within these, or not within those. "
        "It has to be critical.",
        "The CA can certify any name in the world. Software that does not know it has to refuse the chain, as it is "
        "critical.",
    ),
    "2.5.29.36": Named(
        "policyConstraints",
        "Policy constraints",
        "RFC 5280 §4.2.1.11",
        "In a CA's certificate it demands, after so many certificates below, that every certificate of the chain bears "
        "an acceptable policy, or it forbids policy mappings below. It has to be critical.",
        "The chain needs no policy, unless whoever checks asks for one.",
    ),
    "2.5.29.37": Named(
        "extKeyUsage",
        "Extended key usage",
        "RFC 5280 §4.2.1.12",
        "It names the purposes for which the certificate may be used. A TLS client asks for serverAuth, a server that "
        "wants client certificates for clientAuth.",
        "Without the extension any purpose is allowed, though some programs insist on the one they need. With it, all "
        "purposes that are not named are refused, unless anyExtendedKeyUsage is among them.",
    ),
    "2.5.29.31": Named(
        "cRLDistributionPoints",
        "CRL distribution points",
        "RFC 5280 §4.2.1.13",
        "It says where the revocation list lies that would name this certificate if it were revoked.",
        "Software that checks lists does not find one by itself, and takes a revoked certificate for a good one, or, "
        "if it is strict, refuses a good one.",
    ),
    "2.5.29.54": Named(
        "inhibitAnyPolicy",
        "Inhibit anyPolicy",
        "RFC 5280 §4.2.1.14",
        "In a CA's certificate it says after how many certificates below the policy `anyPolicy` no longer counts as "
        "every policy. Certificates that a CA issues to itself are not counted. It has to be critical.",
        "Below, anyPolicy in a certificate satisfies every demand for a policy.",
    ),
    "2.5.29.46": Named(
        "freshestCRL",
        "Freshest CRL",
        "RFC 5280 §4.2.1.15",
        "It says where delta lists lie: what has changed since a complete list.",
        "Only the complete list is read, which may be older.",
    ),
    "1.3.6.1.5.5.7.1.1": Named(
        "authorityInfoAccess",
        "Authority information access",
        "RFC 5280 §4.2.2.1",
        "It says where to get what belongs to the issuer: its own certificate (caIssuers), and answers on whether this "
        "one is revoked (ocsp). In a revocation list it says where the certificate lies that checks the list (RFC 5280 "
        "§5.2.7).",
        "A program that was not sent the intermediate certificate cannot fetch it, and does not know where to ask by "
        "OCSP.",
    ),
    "1.3.6.1.5.5.7.1.11": Named(
        "subjectInfoAccess",
        "Subject information access",
        "RFC 5280 §4.2.2.2",
        "It says where to get what belongs to the subject: of a CA its repository, of a time-stamping service its "
        "address.",
        "Whoever looks for that service has to know its address otherwise.",
    ),
}
