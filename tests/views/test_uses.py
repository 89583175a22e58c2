"""The cards of certificates put to use: who signed, where the file is, what each verifier says and why they differ."""

from dataclasses import replace

import pytest

from pkilab.model.verdict import Verdict
from pkilab.views import html, text
from tests.model.samples import DOCUMENT_MADE, EXPORTED, FILE_SIGNED, JUDGED, SIGNATURE_CHECKED, TLS_TRIED
from tests.views.hostile import Reader

REFUSED = replace(JUDGED, verdicts=(*JUDGED.verdicts, Verdict(judge="x", version="1", accepted=False, reason="no")))
TOLD = (
    (
        JUDGED,
        (
            "Accepted for a TLS server",
            "openssl 3.0.19",
            "✓ accepted: a trusted root",
            "– cannot say",
            *JUDGED.differences,
        ),
    ),
    (REFUSED, ("Not accepted for a TLS server", "✗ refused: no")),
    (TLS_TRIED, ("SantiagoDev serves TLS", "santiago.lab.test", "TLSv1.3, TLS_AES_256_GCM_SHA384")),
    (EXPORTED, ("SantiagoDev was exported", "SantiagoDev.p12", "trust.pem", "Kept aside", "trust.pem.old")),
    (replace(EXPORTED, root=""), ("The roots to trust were exported",)),
    (FILE_SIGNED, ("A signature of hello.sh was written", "hello.sh.p7s", FILE_SIGNED.fingerprint.sha256)),
    (SIGNATURE_CHECKED, ("The signature of hello.sh holds", "✓ accepted", SIGNATURE_CHECKED.message)),
    (DOCUMENT_MADE, ("order-signed.xml was written", "order.xml", "order-signed.xml.old")),
)


@pytest.mark.parametrize(("act", "told"), TOLD)
def test_a_card_tells_what_came_out(act: object, told: tuple[str, ...]) -> None:
    for drawn in (text.draw(act), Reader(html.draw(act)).words):
        assert not [sentence for sentence in told if sentence not in drawn]


def test_a_refusal_is_no_success() -> None:
    assert "pkilab-good" not in html.draw(REFUSED)


def test_in_one_line_the_verdict_comes_first() -> None:
    assert "for a TLS server as santiago.lab.test" in str(JUDGED)
    assert "accepted by openssl" in str(JUDGED)
    assert "refused by x" in str(REFUSED)
    assert "no verifier can say" in str(replace(JUDGED, verdicts=JUDGED.verdicts[1:]))
