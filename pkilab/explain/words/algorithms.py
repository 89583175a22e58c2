"""Algorithms and curves by their OBJECT IDENTIFIER: keys, signatures, hashes, encryption."""

from __future__ import annotations

from pkilab.explain.words.entry import Named

_WEAK = (
    "Two texts with one hash can be made, and a signature of the one holds for the other: browsers and most programs "
    "refuse it."
)


def _a(name: str, title: str, clause: str, purpose: str, without: str = "") -> Named:
    return Named(name, title, clause, purpose, without)


KEYS: dict[str, Named] = {
    "1.2.840.113549.1.1.1": _a(
        "rsaEncryption",
        "RSA key",
        "RFC 3279 §2.3.1",
        "A key of RSA: it can sign, and encrypt another key. Its strength is the length of its modulus; under 2048 "
        "bits it is refused today. Its parameters are NULL. In CMS the same number also stands for a signature, or "
        "for encrypting a key, with PKCS #1 v1.5 padding (RFC 3370).",
    ),
    "1.2.840.10045.2.1": _a(
        "id-ecPublicKey",
        "Elliptic curve key",
        "RFC 5480 §2.1.1",
        "A key on an elliptic curve, which the parameters name: a point as the public key, a number as the private "
        "one. It signs (ECDSA) or agrees on keys (ECDH); unlike RSA it does not encrypt.",
    ),
    "1.2.643.2.2.19": _a(
        "id-GostR3410-2001",
        "GOST R 34.10-2001 key",
        "RFC 4491 §2.3.2",
        "A key of the Russian standard of 2001, which the one of 2012 replaced; rare elsewhere.",
    ),
    "1.2.643.7.1.1.1.1": _a(
        "id-tc26-gost3410-12-256",
        "GOST R 34.10-2012 key",
        "RFC 9215 §4.1",
        "A key of 256 bits of the Russian standard of 2012; rare elsewhere.",
    ),
    "1.3.101.110": _a(
        "X25519",
        "X25519 key",
        "RFC 8410 §3",
        "A key of 32 octets to agree on keys with; without parameters. It cannot sign, so it cannot sign a request "
        "for its own certificate either.",
    ),
    "1.3.101.111": _a(
        "X448", "X448 key", "RFC 8410 §3", "A key of 56 octets to agree on keys with. It cannot sign; rare."
    ),
    "1.2.840.10040.4.1": _a(
        "id-dsa", "DSA key", "RFC 3279 §2.3.2", "A key of DSA, which FIPS 186-5 no longer lets sign; history."
    ),
    "1.2.840.113549.1.3.1": _a(
        "dhKeyAgreement",
        "Diffie-Hellman key",
        "PKCS #3 §9",
        "A key to agree on keys with, modulo a prime that the parameters hold. It cannot sign; rare in certificates.",
    ),
    "1.2.840.10046.2.1": _a(
        "dhpublicnumber",
        "Diffie-Hellman key (X9.42)",
        "RFC 3279 §2.3.3",
        "A key to agree on keys with; its parameters also hold a second prime. It cannot sign; rare in certificates.",
    ),
    "1.2.840.113549.1.1.7": _a(
        "id-RSAES-OAEP",
        "RSA key for OAEP",
        "RFC 4055 §4.1",
        "Encryption of a key with RSA and OAEP padding, the sound way to do it. As the algorithm of a key it says that "
        "the key does nothing else.",
    ),
}
SIGNATURES: dict[str, Named] = {
    "1.2.840.113549.1.1.2": _a(
        "md2WithRSAEncryption", "RSA with MD2", "RFC 3279 §2.2.1", "RSA over MD2, a weak hash of 1989; nobody takes it."
    ),
    "1.2.840.113549.1.1.4": _a("md5WithRSAEncryption", "RSA with MD5", "RFC 3279 §2.2.1", f"RSA over MD5. {_WEAK}"),
    "1.2.840.113549.1.1.5": _a(
        "sha1WithRSAEncryption", "RSA with SHA-1", "RFC 3279 §2.2.1", f"RSA over SHA-1. {_WEAK}"
    ),
    "1.3.14.3.2.29": _a(
        "sha1WithRSASignature", "RSA with SHA-1", "OIW", f"RSA over SHA-1, by an older number. {_WEAK}"
    ),
    "1.2.840.113549.1.1.14": _a(
        "sha224WithRSAEncryption",
        "RSA with SHA-224",
        "RFC 4055 §5",
        "RSA (PKCS #1 v1.5 padding) over SHA-224; hardly ever used.",
    ),
    "1.2.840.113549.1.1.11": _a(
        "sha256WithRSAEncryption",
        "RSA with SHA-256",
        "RFC 4055 §5",
        "The usual signature of RSA: with the padding of PKCS #1 v1.5, over a SHA-256 hash. Its parameters are NULL.",
    ),
    "1.2.840.113549.1.1.12": _a(
        "sha384WithRSAEncryption", "RSA with SHA-384", "RFC 4055 §5", "RSA (PKCS #1 v1.5 padding) over SHA-384."
    ),
    "1.2.840.113549.1.1.13": _a(
        "sha512WithRSAEncryption", "RSA with SHA-512", "RFC 4055 §5", "RSA (PKCS #1 v1.5 padding) over SHA-512."
    ),
    "1.2.840.113549.1.1.10": _a(
        "RSASSA-PSS",
        "RSA with PSS padding",
        "RFC 4055 §3.1",
        "RSA with a padding that draws random octets, for which there is a proof of security. The parameters say which "
        "hash is used; what is left out in them means SHA-1. As the algorithm of a key it says that the key makes no "
        "other signatures.",
    ),
    "1.2.840.10045.4.1": _a("ecdsa-with-SHA1", "ECDSA with SHA-1", "RFC 3279 §2.2.3", f"ECDSA over SHA-1. {_WEAK}"),
    "1.2.840.10045.4.3.1": _a(
        "ecdsa-with-SHA224",
        "ECDSA with SHA-224",
        "RFC 5758 §3.2",
        "ECDSA over SHA-224; hardly ever used. No parameters.",
    ),
    "1.2.840.10045.4.3.2": _a(
        "ecdsa-with-SHA256",
        "ECDSA with SHA-256",
        "RFC 5758 §3.2",
        "An elliptic curve signature over a SHA-256 hash, mostly with P-256. It has no parameters.",
    ),
    "1.2.840.10045.4.3.3": _a(
        "ecdsa-with-SHA384",
        "ECDSA with SHA-384",
        "RFC 5758 §3.2",
        "ECDSA over SHA-384, mostly with P-384. No parameters.",
    ),
    "1.2.840.10045.4.3.4": _a(
        "ecdsa-with-SHA512",
        "ECDSA with SHA-512",
        "RFC 5758 §3.2",
        "ECDSA over SHA-512, mostly with P-521. No parameters.",
    ),
    "2.16.840.1.101.3.4.3.9": _a(
        "ecdsa-with-SHA3-224", "ECDSA with SHA3-224", "NIST CSOR", "ECDSA over SHA3-224; rarely supported."
    ),
    "2.16.840.1.101.3.4.3.10": _a(
        "ecdsa-with-SHA3-256", "ECDSA with SHA3-256", "NIST CSOR", "ECDSA over SHA3-256; rarely supported."
    ),
    "2.16.840.1.101.3.4.3.11": _a(
        "ecdsa-with-SHA3-384", "ECDSA with SHA3-384", "NIST CSOR", "ECDSA over SHA3-384; rarely supported."
    ),
    "2.16.840.1.101.3.4.3.12": _a(
        "ecdsa-with-SHA3-512", "ECDSA with SHA3-512", "NIST CSOR", "ECDSA over SHA3-512; rarely supported."
    ),
    "1.2.840.10040.4.3": _a("dsa-with-SHA1", "DSA with SHA-1", "RFC 3279 §2.2.2", f"DSA over SHA-1. {_WEAK}"),
    "2.16.840.1.101.3.4.3.1": _a("dsa-with-SHA224", "DSA with SHA-224", "RFC 5758 §3.1", "DSA over SHA-224; history."),
    "2.16.840.1.101.3.4.3.2": _a("dsa-with-SHA256", "DSA with SHA-256", "RFC 5758 §3.1", "DSA over SHA-256; history."),
    "1.2.643.2.2.3": _a(
        "id-GostR3411-94-with-GostR3410-2001",
        "GOST R 34.10-2001",
        "RFC 4491 §2.2.2",
        "A signature of the Russian standard; rarely supported elsewhere.",
    ),
    "1.2.643.7.1.1.3.2": _a(
        "id-tc26-signwithdigest-gost3410-12-256",
        "GOST R 34.10-2012",
        "RFC 9215 §2",
        "A signature of the Russian standard; rarely supported elsewhere.",
    ),
    "1.3.101.112": _a(
        "Ed25519",
        "Ed25519",
        "RFC 8410 §3",
        "A key of 32 octets or a signature of 64, on the Edwards curve 25519: small, fast, and with nothing to choose, "
        "so it has no parameters. CAs of the web may not use it, and hardly any browser takes it in certificates.",
    ),
    "1.3.101.113": _a(
        "Ed448",
        "Ed448",
        "RFC 8410 §3",
        "As Ed25519, on a larger curve: keys of 57 octets, signatures of 114; rarely supported.",
    ),
    "2.16.840.1.101.3.4.3.17": _a(
        "ML-DSA-44",
        "ML-DSA-44",
        "RFC 9881 §2",
        "A key or signature of ML-DSA (FIPS 204), which quantum computers are not expected to break; security "
        "category 2 of 5. Public keys have 1,312 octets, signatures 2,420. There are no parameters. "
        "Browsers do not take it yet.",
    ),
    "2.16.840.1.101.3.4.3.18": _a(
        "ML-DSA-65",
        "ML-DSA-65",
        "RFC 9881 §2",
        "A key or signature of ML-DSA (FIPS 204), which quantum computers are not expected to break; security "
        "category 3 of 5. Public keys have 1,952 octets, signatures 3,309. There are no parameters. "
        "Browsers do not take it yet.",
    ),
    "2.16.840.1.101.3.4.3.19": _a(
        "ML-DSA-87",
        "ML-DSA-87",
        "RFC 9881 §2",
        "A key or signature of ML-DSA (FIPS 204), which quantum computers are not expected to break; security "
        "category 5 of 5. Public keys have 2,592 octets, signatures 4,627. There are no parameters. "
        "Browsers do not take it yet.",
    ),
}


def _hash(name: str, title: str, octets: int, clause: str = "RFC 5754 §2", weakness: str = "") -> Named:
    sound = "Nobody knows how to find two texts with the same hash."
    return _a(name, title, clause, f"A hash function: it makes {octets} octets of any text. {weakness or sound}")


_BROKEN = "Two different texts with the same hash have been made, so signatures must no longer rely on it."
_KEYED = "A hash with a key: only who has the key can compute it."
HASHES: dict[str, Named] = {
    "1.2.840.113549.2.5": _hash("md5", "MD5", 16, "RFC 3279 §2.1.2", _BROKEN),
    "1.3.14.3.2.26": _hash("sha1", "SHA-1", 20, "RFC 3279 §2.1.3", _BROKEN),
    "2.16.840.1.101.3.4.2.4": _hash("sha224", "SHA-224", 28),
    "2.16.840.1.101.3.4.2.1": _hash("sha256", "SHA-256", 32),
    "2.16.840.1.101.3.4.2.2": _hash("sha384", "SHA-384", 48),
    "2.16.840.1.101.3.4.2.3": _hash("sha512", "SHA-512", 64),
    "2.16.840.1.101.3.4.2.6": _hash("sha512-256", "SHA-512/256", 32, "NIST CSOR"),
    "2.16.840.1.101.3.4.2.8": _hash("sha3-256", "SHA3-256", 32, "NIST CSOR"),
    "2.16.840.1.101.3.4.2.9": _hash("sha3-384", "SHA3-384", 48, "NIST CSOR"),
    "2.16.840.1.101.3.4.2.10": _hash("sha3-512", "SHA3-512", 64, "NIST CSOR"),
    "1.2.840.113549.1.1.8": _a(
        "id-mgf1", "MGF1", "RFC 4055 §2.2", "It makes a mask of any length from a hash, for the padding of RSA."
    ),
    "1.2.840.113549.1.1.9": _a(
        "id-pSpecified", "Label of OAEP", "RFC 4055 §4.1", "The label that OAEP padding mixes in; mostly an empty one."
    ),
    **{
        f"1.2.840.113549.2.{n}": _a(f"hmacWithSHA{bits}", f"HMAC with SHA-{bits}", "RFC 8018 §B.1", _KEYED)
        for n, bits in ((7, "1"), (8, "224"), (9, "256"), (10, "384"), (11, "512"))
    },
}

_OLD = "An old way to encrypt by a password, with a weak key derivation. "
_DES = f"{_OLD}DES has a key of 56 bits, which a machine finds by trying."
_RC2 = f"{_OLD}RC2 here has a key of 64 bits, which is too short today."
_RC40 = f"{_OLD}A key of 40 bits, as export rules of the 1990s wanted it, is found in seconds."
_OTHER = f"{_OLD}The cipher itself is given up; hardly anything writes it today."
_TRIPLE = f"{_OLD}Triple DES is no longer allowed by NIST; only old programs need it."
_NONCE = "it also finds changes; its parameters hold the nonce, which must not be used twice"
_IV = "its parameter holds the random block that it starts from (IV)"
ENCRYPTION: dict[str, Named] = {
    "1.2.840.113549.1.5.13": _a(
        "PBES2",
        "Encryption by a password",
        "RFC 8018 §6.2",
        "A key is derived from the password, and a cipher uses it; the parameters say how each is done.",
    ),
    "1.2.840.113549.1.5.12": _a(
        "PBKDF2",
        "Key derivation PBKDF2",
        "RFC 8018 §5.2",
        "It makes a key of a password by hashing many times, so that every guess costs an attacker as many hashes.",
    ),
    "1.3.6.1.4.1.11591.4.11": _a(
        "scrypt",
        "Key derivation scrypt",
        "RFC 7914 §7",
        "It makes a key of a password in a way that takes much memory, so that guessing cannot be done cheaply by many "
        "machines at once.",
    ),
    "1.2.840.113549.1.5.3": _a("pbeWithMD5AndDES-CBC", "DES by a password", "RFC 8018 §A.3", _DES),
    "1.2.840.113549.1.5.1": _a("pbeWithMD2AndDES-CBC", "DES by a password", "RFC 8018 §A.3", _DES),
    "1.2.840.113549.1.5.4": _a("pbeWithMD2AndRC2-CBC", "RC2 by a password", "RFC 8018 §A.3", _RC2),
    "1.2.840.113549.1.5.6": _a("pbeWithMD5AndRC2-CBC", "RC2 by a password", "RFC 8018 §A.3", _RC2),
    "1.2.840.113549.1.5.11": _a("pbeWithSHA1AndRC2-CBC", "RC2 by a password", "RFC 8018 §A.3", _RC2),
    "1.2.840.113549.1.5.10": _a("pbeWithSHA1AndDES-CBC", "DES by a password", "RFC 8018 §A.3", _DES),
    "1.2.840.113549.1.12.1.1": _a("pbeWithSHAAnd128BitRC4", "RC4 by a password", "RFC 7292 §C", _OTHER),
    "1.2.840.113549.1.12.1.2": _a("pbeWithSHAAnd40BitRC4", "RC4 by a password", "RFC 7292 §C", _RC40),
    "1.2.840.113549.1.12.1.3": _a(
        "pbeWithSHAAnd3-KeyTripleDES-CBC", "Triple DES by a password", "RFC 7292 §C", _TRIPLE
    ),
    "1.2.840.113549.1.12.1.4": _a(
        "pbeWithSHAAnd2-KeyTripleDES-CBC", "Triple DES by a password", "RFC 7292 §C", _TRIPLE
    ),
    "1.2.840.113549.1.12.1.5": _a("pbeWithSHAAnd128BitRC2-CBC", "RC2 by a password", "RFC 7292 §C", _OTHER),
    "1.2.840.113549.1.12.1.6": _a("pbeWithSHAAnd40BitRC2-CBC", "RC2 by a password", "RFC 7292 §C", _RC40),
    "1.2.840.113549.1.5.14": _a(
        "PBMAC1",
        "Keyed hash by a password",
        "RFC 8018 §7.1",
        "A key is derived from the password, and a keyed hash uses it; the parameters say how each is done.",
    ),
    "1.2.840.113549.3.7": _a(
        "des-EDE3-CBC",
        "Triple DES",
        "RFC 8018 §B.2.2",
        f"A cipher of the 1990s: slow, and with small blocks. NIST no longer allows it to encrypt; {_IV}.",
    ),
    "1.2.840.113549.3.2": _a(
        "rc2-CBC", "RC2", "RFC 8018 §B.2.3", "A cipher of the 1990s, often with a key of 40 bits. Nobody should use it."
    ),
    "1.3.14.3.2.7": _a(
        "desCBC", "DES", "RFC 8018 §B.2.1", "A cipher of the 1970s with a key of 56 bits. Nobody should use it."
    ),
    "1.3.133.16.840.63.0.2": _a(
        "dhSinglePass-stdDH-sha1kdf-scheme",
        "ECDH with SHA-1",
        "RFC 5753 §7.1.4",
        "Sender and recipient agree on a key by an elliptic curve; SHA-1 makes octets of it. The parameters name the "
        "cipher that wraps the content's key with it.",
    ),
    "1.3.132.1.11.1": _a(
        "dhSinglePass-stdDH-sha256kdf-scheme",
        "ECDH with SHA-256",
        "RFC 5753 §7.1.4",
        "Sender and recipient agree on a key by an elliptic curve; SHA-256 makes octets of it. The parameters name the "
        "cipher that wraps the content's key with it.",
    ),
    "1.2.840.113549.1.9.16.3.9": _a(
        "id-alg-PWRI-KEK",
        "Key wrap by a password",
        "RFC 3211 §2.3",
        "The cipher in the parameters encrypts a key, twice.",
    ),
    **{
        f"2.16.840.1.101.3.4.1.{n}": _a(
            f"aes{bits}-wrap",
            f"AES key wrap with {bits} bits",
            "RFC 3394 §2.2",
            f"AES with a key of {bits} bits, used to encrypt another key.",
        )
        for n, bits in ((5, 128), (25, 192), (45, 256))
    },
    **{
        f"2.16.840.1.101.3.4.1.{base + n}": _a(
            f"aes{bits}-{mode}",
            f"AES with {bits} bits, {mode}",
            clause,
            f"AES with a key of {bits} bits; {_IV if n == 0 else _NONCE}.",
        )
        for base, bits in ((2, 128), (22, 192), (42, 256))
        for n, mode, clause in ((0, "CBC", "RFC 8018 §B.2.5"), (4, "GCM", "RFC 5084 §3.2"))
    },
}
CURVES: dict[str, Named] = {
    "1.2.840.10045.3.1.7": _a(
        "secp256r1",
        "Curve P-256",
        "RFC 5480 §2.1.1.1",
        "The usual curve, with keys of 256 bits: about as strong as RSA with 3072 bits. Every program takes it.",
    ),
    "1.3.132.0.34": _a(
        "secp384r1",
        "Curve P-384",
        "RFC 5480 §2.1.1.1",
        "A curve with keys of 384 bits: about as strong as RSA with 7680.",
    ),
    "1.3.132.0.35": _a(
        "secp521r1",
        "Curve P-521",
        "RFC 5480 §2.1.1.1",
        "A curve with keys of 521 bits: about as strong as RSA with 15,360; some browsers do not take it.",
    ),
    "1.3.132.0.10": _a(
        "secp256k1", "Curve secp256k1", "SEC 2 §2.4.1", "The curve of Bitcoin; CAs of the web may not use it."
    ),
    "1.2.840.10045.3.1.1": _a(
        "secp192r1", "Curve P-192", "RFC 5480 §2.1.1.1", "A curve with keys of 192 bits, which is too small today."
    ),
    "1.3.132.0.33": _a(
        "secp224r1", "Curve P-224", "RFC 5480 §2.1.1.1", "A curve with keys of 224 bits, which few programs take."
    ),
    "1.3.36.3.3.2.8.1.1.7": _a(
        "brainpoolP256r1",
        "Brainpool P256r1",
        "RFC 5639 §3.4",
        "A curve of the group ECC Brainpool, as German offices and passports use; browsers do not take it.",
    ),
    "1.3.36.3.3.2.8.1.1.11": _a(
        "brainpoolP384r1",
        "Brainpool P384r1",
        "RFC 5639 §3.6",
        "A curve of the group ECC Brainpool, as German offices and passports use; browsers do not take it.",
    ),
    "1.3.36.3.3.2.8.1.1.13": _a(
        "brainpoolP512r1",
        "Brainpool P512r1",
        "RFC 5639 §3.7",
        "A curve of the group ECC Brainpool, as German offices and passports use; browsers do not take it.",
    ),
    "1.2.840.10045.1.1": _a(
        "prime-field",
        "Field of a prime",
        "RFC 3279 §2.3.5",
        "Coordinates are numbers modulo a prime, as of every curve in use today.",
    ),
    "1.2.840.10045.1.2": _a(
        "binary-field",
        "Binary field",
        "RFC 3279 §2.3.5",
        "Coordinates are polynomials of bits; such curves are history.",
    ),
}
ALGORITHMS: dict[str, Named] = {**KEYS, **SIGNATURES, **HASHES, **ENCRYPTION, **CURVES}
