"""Fields of certificates, of the names in them, and of keys and signatures (RFC 5280 §4.1)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_PROOF = (
    "It is the proof: made with the signer's private key over all octets of the signed part, and checked with the "
    "public key. Whoever changes one octet breaks it."
)
_ALGORITHM = "It says with which algorithm the signature was made, so that whoever checks it uses the same."

CERTIFICATE: dict[str, Words] = {
    "Certificate": Words(
        "Certificate",
        "RFC 5280 §4.1",
        "A CA states, over its signature, that a public key belongs to a name. It has three parts: what is signed, the "
        "algorithm, and the signature.",
        "A key that somebody sends is a number like any other: it could be anybody's.",
        "It is {value}.",
    ),
    "Certificate.tbsCertificate": Words(
        "To-be-signed part",
        "RFC 5280 §4.1.1.1",
        "Everything that the CA states. Exactly these octets, header included, are what the signature is made over.",
        "A signature over anything less would leave the rest to be exchanged.",
        here="{octets} octets are signed.",
    ),
    "Certificate.signatureAlgorithm": Words(
        "Signature algorithm",
        "RFC 5280 §4.1.1.2",
        _ALGORITHM + " It lies outside of what is signed, so it is repeated inside, and both have to be equal.",
        "Nobody could check it. If it differs from the field `signature` inside, the certificate is refused.",
        here="It is signed with {value}.",
    ),
    "Certificate.signatureValue": Words(
        "Signature",
        "RFC 5280 §4.1.1.3",
        _PROOF,
        "Anybody could write anything here, and nobody could tell.",
        here="The signature: {value}.",
    ),
    "TBSCertificate.version": Words(
        "Version",
        "RFC 5280 §4.1.2.1",
        "It says which fields there can be: extensions need v3, which is written as 2. Left out it means v1.",
        "Without it the certificate is of version 1, which has no extensions and so cannot say who is a CA.",
        here="It is {value}.",
    ),
    "Version": Words(
        "Version",
        "RFC 5280 §4.1.2.1",
        "The number counts from 0: v1 is 0, v2 is 1, v3 is 2. A certificate with extensions is v3, a revocation "
        "list with extensions v2.",
        here="The number says {value}.",
    ),
    "TBSCertificate.serialNumber": Words(
        "Serial number",
        "RFC 5280 §4.1.2.2",
        "The CA gives each of its certificates another number. With the issuer it names one certificate: "
        "revocation lists and OCSP do not repeat the certificate, they give its number. It is positive and has at most "
        "20 octets.",
        "With two certificates of one number, revoking the one would revoke the other. Numbers that can be guessed "
        "have helped to forge certificates while MD5 was in use.",
        here="This is number {value}.",
    ),
    "TBSCertificate.signature": Words(
        "Signature algorithm, inside",
        "RFC 5280 §4.1.2.3",
        "The same algorithm as outside, but under the signature, where it cannot be exchanged.",
        "If it is another than the one outside, the certificate is refused.",
        here="The issuer signs with {value}.",
    ),
    "TBSCertificate.issuer": Words(
        "Issuer",
        "RFC 5280 §4.1.2.4",
        "The CA that signed this. A chain is built by it: it is the subject of the issuer's certificate. Capitals and "
        "extra blanks make no difference (RFC 5280 §7.1), but many programs compare octet for octet.",
        "An issuer cannot be empty. If it differs from the subject of the certificate above, the chain is broken.",
        here="Issued by {value}.",
    ),
    "TBSCertificate.validity": Words(
        "Validity",
        "RFC 5280 §4.1.2.5",
        "The time for which the certificate is good, and for which the CA promises to know and tell whether it is "
        "revoked. Both ends are included.",
        "Before and after it the certificate is refused. A wrong clock does the same.",
        here="Valid {value}.",
    ),
    "Validity.notBefore": Words(
        "Valid from",
        "RFC 5280 §4.1.2.5",
        "The first second in which the certificate is valid. CAs often set it a little back, for clocks that are slow.",
        "A certificate could be used before its time. If this is the very moment of issuing, programs whose clock is "
        "behind refuse it at first.",
        here="It is valid from {value} on.",
    ),
    "Validity.notAfter": Words(
        "Valid until",
        "RFC 5280 §4.1.2.5",
        "The last second in which it is valid: a stolen key does harm no longer than that. If nobody renews it before, "
        "what it secures stops working, a frequent cause of outages.",
        "A certificate would be good for ever. One with no known end says 9999-12-31 23:59:59.",
        here="It is valid until {value}, that second included.",
    ),
    "TBSCertificate.subject": Words(
        "Subject",
        "RFC 5280 §4.1.2.6",
        "Whose key this is. For a CA it is the name that it issues under. It is empty if the subject has alternative "
        "names only, in an extension that is critical then.",
        "Of a CA, or of whoever signs revocation lists, it must not be empty: nobody would find the issuer of what it "
        "signs.",
        here="It belongs to {value}.",
    ),
    "TBSCertificate.subjectPublicKeyInfo": Words(
        "Public key",
        "RFC 5280 §4.1.2.7",
        "The key that the certificate is about, with its algorithm. Whoever has the private key that fits can prove to "
        "be the subject.",
        "There would be nothing to certify.",
        here="{value}.",
    ),
    "SubjectPublicKeyInfo": Words(
        "Public key",
        "RFC 5280 §4.1.2.7",
        "A public key in the one form that all formats share: the algorithm, then the key itself.",
        here="{value}.",
    ),
    "SubjectPublicKeyInfo.algorithm": Words(
        "Algorithm of the key",
        "RFC 5280 §4.1.2.7",
        "It says what kind of key follows, and of a curve which one it is.",
        "Nobody could make sense of the octets of the key.",
        here="It is {value}.",
    ),
    "SubjectPublicKeyInfo.subjectPublicKey": Words(
        "Octets of the key",
        "RFC 5280 §4.1.2.7",
        "The key itself, as its algorithm writes it: of RSA two numbers, of a curve a point, of others plain octets.",
        "There would be nothing to certify.",
        here="The key: {value}.",
    ),
    "TBSCertificate.issuerUniqueID": Words(
        "Issuer's unique identifier",
        "RFC 5280 §4.1.2.8",
        "Bits that were to tell apart two CAs of one name. RFC 5280 says that CAs must not write it.",
        "Nothing: the authority key identifier took its place.",
        here="{value}.",
    ),
    "TBSCertificate.subjectUniqueID": Words(
        "Subject's unique identifier",
        "RFC 5280 §4.1.2.8",
        "Bits that were to tell apart two subjects of one name. RFC 5280 says that CAs must not write it.",
        "Nothing.",
        here="{value}.",
    ),
    "TBSCertificate.extensions": Words(
        "Extensions",
        "RFC 5280 §4.1.2.9",
        "What version 3 added: who is a CA, what the key may be used for, for which names it is good. The tag [3] says "
        "that they follow.",
        "Nothing says for which server the certificate is good, so browsers refuse it; and nothing says that it is a "
        "CA's, so only a root that somebody trusts anyway can do without.",
        here="{value}.",
    ),
    "Extensions": Words(
        "List of extensions",
        "RFC 5280 §4.1.2.9",
        "One extension after the other; no two of a kind (RFC 5280 §4.2).",
        "It has at least one: where there is none, the whole field is left out.",
        here="{value}.",
    ),
    "Extensions.Extension": Words(
        "Extension",
        "RFC 5280 §4.2",
        "An extension has a number that says which one it is, a mark whether it is critical, and a value.",
        here="{value}.",
    ),
    "Extension.extnID": Words(
        "Which extension it is",
        "RFC 5280 §4.1.2.9",
        "The number of the extension. It says what the extension is about, and how its value is to be read.",
        "Nobody could make sense of the value.",
        "It is {value}.",
    ),
    "Extension.critical": Words(
        "Critical",
        "RFC 5280 §4.2",
        "Software that does not know a critical extension, or cannot process it, has to refuse the certificate (or not "
        "to use the list). One that is not critical it may skip if it does not know it; if it does, it has to process "
        "it. Left out it means FALSE.",
        "A rule that is not critical is no rule for software that does not know it.",
        here="It says {value}.",
    ),
    "Extension.extnValue": Words(
        "Value of the extension",
        "RFC 5280 §4.1.2.9",
        "Octets that hold DER themselves, in a form that the extension's number says. So software can pass over an "
        "extension that it does not know.",
        here="It says: {value}.",
    ),
    "AlgorithmIdentifier": Words(
        "Algorithm",
        "RFC 5280 §4.1.1.2",
        "An algorithm by its number, with its parameters if it has any.",
        "Nobody could tell how to go on: octets of a key or a signature do not say what they are.",
        "It is {value}.",
    ),
    "AlgorithmIdentifier.algorithm": Words(
        "Number of the algorithm",
        "RFC 5280 §4.1.1.2",
        "The OBJECT IDENTIFIER of the algorithm: everybody uses the same number for it.",
        "Nobody could tell which algorithm is meant.",
        "It is {value}.",
    ),
    "AlgorithmIdentifier.parameters": Words(
        "Parameters",
        "RFC 5280 §4.1.1.2",
        "What else the algorithm needs: of a curve's key the name of the curve, of a cipher what it starts from; of "
        "RSA NULL, which says nothing but has to be there (RFC 3279 §2.2.1, §2.3.1); ECDSA, Ed25519 and ML-DSA "
        "signatures have none.",
        "With parameters that its rules do not allow, strict software refuses it.",
        here="{value}.",
    ),
    "Name": Words(
        "Name",
        "RFC 5280 §4.1.2.4",
        "A distinguished name: a list of steps, mostly from the widest (a country) to the narrowest (a common name).",
        "Chains are built by names: a certificate that named nobody would fit nowhere.",
        "It is {value}.",
    ),
    "Name.RelativeDistinguishedName": Words(
        "Step of a name",
        "RFC 5280 §4.1.2.4",
        "One step of the name. Mostly it has one attribute; several in one step are possible, and rare.",
        here="{value}.",
    ),
    "RelativeDistinguishedName.AttributeTypeAndValue": Words(
        "Attribute", "RFC 5280 §4.1.2.4", "One attribute of a name: its type, and its value.", here="{value}."
    ),
    "AttributeTypeAndValue.type": Words(
        "Which attribute it is",
        "RFC 5280 §4.1.2.4",
        "The number of the attribute's type, such as that of a country or a common name.",
        "The text alone does not say what it is: Santiago may be a town or a person.",
        "It is {value}.",
    ),
    "AttributeTypeAndValue.value": Words(
        "Value of the attribute",
        "RFC 5280 §4.1.2.4",
        "Mostly a text. The tag says which letters it can have: UTF8String or PrintableString in new names, IA5String "
        "of mail addresses and domain components.",
        "Software that compares octets takes the same letters under another tag for another name.",
        "It says {value}.",
    ),
    "RSAPublicKey": Words(
        "RSA public key",
        "RFC 8017 §A.1.1",
        "An RSA key is two numbers, modulus and exponent: signatures are checked, and keys encrypted, by "
        "computing with them.",
        here="{value}.",
    ),
    "RSAPublicKey.modulus": Words(
        "Modulus",
        "RFC 8017 §A.1.1",
        "The product of two large primes. Whoever finds them has the private key; its length is what makes that hard.",
        "Under 2048 bits it is refused today.",
        here="{value}.",
    ),
    "RSAPublicKey.publicExponent": Words(
        "Public exponent",
        "RFC 8017 §A.1.1",
        "To check a signature it is raised to this power modulo the modulus. Nearly all keys have 65537.",
        "An even one, or 1, makes no RSA key; with 3 some broken programs have accepted forged signatures.",
        here="It is {value}.",
    ),
    "ECDSA-Sig-Value": Words(
        "Pair of numbers",
        "RFC 3279 §2.2.3",
        "A signature of ECDSA (or DSA) is two numbers, r and s. Each time it is another pair, even over the same "
        "octets.",
        here="{value}.",
    ),
    "ECDSA-Sig-Value.r": Words(
        "r",
        "RFC 3279 §2.2.3",
        "It comes from a secret number that has to be another one for each signature.",
        "If two signatures of one key have the same r, that number was used twice, and whoever sees both can compute "
        "the private key.",
        here="{value}.",
    ),
    "ECDSA-Sig-Value.s": Words(
        "s",
        "RFC 3279 §2.2.3",
        "It binds what is signed, the private key and r together.",
        "With r alone nothing is proven: anybody can make one.",
        "{value}.",
    ),
    "GeneralNames": Words(
        "Names", "RFC 5280 §4.2.1.6", "Names of several kinds; the tag of each says which kind it is.", here="{value}."
    ),
    "GeneralNames.GeneralName": Words("Name", "RFC 5280 §4.2.1.6", "A name of one of nine kinds.", here="{value}."),
    "GeneralName": Words("Name", "RFC 5280 §4.2.1.6", "A name of one of nine kinds.", here="{value}."),
    "GeneralName.otherName": Words(
        "Other name",
        "RFC 5280 §4.2.1.6",
        "A name of a kind that none of the other eight covers, such as a log-in name; a number says which.",
        here="{value}.",
    ),
    "OtherName.type-id": Words(
        "Kind of name",
        "RFC 5280 §4.2.1.6",
        "The number of the kind of name. It says how the value is to be read.",
        "Nobody could make sense of the value.",
        "It is {value}.",
    ),
    "OtherName.value": Words(
        "Value of the name", "RFC 5280 §4.2.1.6", "The name, in the form that its kind says.", here="{value}."
    ),
    "GeneralName.rfc822Name": Words(
        "Mail address",
        "RFC 5280 §4.2.1.6",
        "A mail address, in ASCII, without the person's name or angle brackets. In name constraints (RFC 5280 "
        "§4.2.1.10) `a@lab.test` is one address, `lab.test` all addresses at that host, and `.lab.test` all at hosts "
        "below it.",
        "A mail program that looks for this address says that the certificate is not the sender's.",
        "The mail address is {value}.",
    ),
    "GeneralName.dNSName": Words(
        "DNS name",
        "RFC 5280 §4.2.1.6",
        "A host's name, in ASCII. `*` as the first label stands for exactly one label (RFC 9525 §6.3). In name "
        "constraints it stands for itself and all names below (RFC 5280 §4.2.1.10).",
        "A client that wants to reach this name refuses the certificate.",
        here="The DNS name is {value}.",
    ),
    "GeneralName.x400Address": Words(
        "X.400 address",
        "RFC 5280 §4.2.1.6",
        "An address of X.400 mail, which was there before Internet mail; history.",
        here="{value}.",
    ),
    "GeneralName.directoryName": Words(
        "Distinguished name",
        "RFC 5280 §4.2.1.6",
        "A distinguished name, as in subject and issuer.",
        here="It is {value}.",
    ),
    "GeneralName.ediPartyName": Words(
        "EDI party", "RFC 5280 §4.2.1.6", "A party of electronic data interchange; history.", here="{value}."
    ),
    "EDIPartyName.nameAssigner": Words(
        "Who assigned the name", "RFC 5280 §4.2.1.6", "Who gave the name to the party.", here="{value}."
    ),
    "EDIPartyName.partyName": Words(
        "Name of the party", "RFC 5280 §4.2.1.6", "What the party is called.", here="{value}."
    ),
    "GeneralName.uniformResourceIdentifier": Words(
        "URI",
        "RFC 5280 §4.2.1.6",
        "An address, absolute and with a scheme such as `http:`. In name constraints there is only a host, or with a "
        "dot before it all hosts below (RFC 5280 §4.2.1.10).",
        here="The address is {value}.",
    ),
    "GeneralName.iPAddress": Words(
        "IP address",
        "RFC 5280 §4.2.1.6",
        "The octets of an address: four of IPv4, sixteen of IPv6. In name constraints as many more follow, the mask "
        "(RFC 5280 §4.2.1.10).",
        "Who connects to the bare address refuses the certificate; a DNS name that looks so does not help.",
        here="The address is {value}.",
    ),
    "GeneralName.registeredID": Words(
        "Registered number", "RFC 5280 §4.2.1.6", "An OBJECT IDENTIFIER as a name; rare.", here="It is {value}."
    ),
    "ORAddress.ANY": Words(
        "Part of an X.400 address",
        "RFC 5280 §A.1",
        "A part of the address, such as a country or an organisation; history.",
        here="{value}.",
    ),
}
