"""Key algorithms, by the names that forms, commands and Python share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pkilab.errors import InvalidField


class KeyAlgorithm(StrEnum):
    """What a key pair can be made of; for a CA and for a client alike."""

    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"
    RSA_4096 = "rsa-4096"
    EC_P256 = "ec-p256"
    EC_P384 = "ec-p384"
    EC_P521 = "ec-p521"
    ED25519 = "ed25519"
    ML_DSA_44 = "ml-dsa-44"
    ML_DSA_65 = "ml-dsa-65"
    ML_DSA_87 = "ml-dsa-87"

    @property
    def label(self) -> str:
        """Return the name for people, such as `RSA, 3072 bits`."""
        return _LABELS[self]

    @classmethod
    def parse(cls, name: str) -> KeyAlgorithm:
        """Return the algorithm called `name`, in any letter case.

        Raises:
            InvalidField: there is none; the sentence lists them.
        """
        try:
            return cls(name.strip().lower())
        except ValueError:
            raise InvalidField("Key algorithm", f"choose one of {', '.join(cls)}.") from None


_LABELS = {
    KeyAlgorithm.RSA_2048: "RSA, 2048 bits",
    KeyAlgorithm.RSA_3072: "RSA, 3072 bits",
    KeyAlgorithm.RSA_4096: "RSA, 4096 bits",
    KeyAlgorithm.EC_P256: "ECDSA, P-256",
    KeyAlgorithm.EC_P384: "ECDSA, P-384",
    KeyAlgorithm.EC_P521: "ECDSA, P-521",
    KeyAlgorithm.ED25519: "Ed25519",
    KeyAlgorithm.ML_DSA_44: "ML-DSA-44",
    KeyAlgorithm.ML_DSA_65: "ML-DSA-65",
    KeyAlgorithm.ML_DSA_87: "ML-DSA-87",
}

DEFAULT_CA = KeyAlgorithm.RSA_3072
DEFAULT_CLIENT = KeyAlgorithm.RSA_2048


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What is said of a public key: its family (`RSA`, `EC`, `Ed25519`, `ML-DSA`), a label, its size, its identity."""

    family: str
    label: str
    bits: int
    sha256: str
    """SHA-256 over the SubjectPublicKeyInfo, lower-case hex: equal keys have equal values."""

    @property
    def algorithm(self) -> KeyAlgorithm | None:
        """Return which of our algorithms made it; None: another, or of another size."""
        return next((algorithm for algorithm in KeyAlgorithm if algorithm.label == self.label), None)
