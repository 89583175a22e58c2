"""What an operator's desk asks of a CA server beside configuring: how it stands, and files that were uploaded."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.scene import CA_PASSWORD, Scene


def test_a_server_says_what_waits_and_what_it_issued(scene: Scene) -> None:
    assert scene.ca.queue() is None
    scene.configure()
    scene.issue(scene.submit())
    scene.submit("Another")
    queue = scene.ca.queue()
    assert queue is not None
    assert (queue.instance, queue.pending, queue.certificates, queue.main) == ("MyCA", 1, 1, True)
    assert queue == scene.lab.status().queues[0]


def test_a_container_that_was_uploaded_is_laid_out_without_a_file_of_its_own(configured: Scene) -> None:
    base = configured.directory / "MyCA"
    key = load_pem_private_key(base.with_suffix(".key").read_bytes(), CA_PASSWORD.encode())
    certificate = x509.load_pem_x509_certificate(base.with_suffix(".cer").read_bytes())
    sealed = BestAvailableEncryption(CA_PASSWORD.encode())
    data = pkcs12.serialize_key_and_certificates(b"ca", key, certificate, None, sealed)  # type: ignore[arg-type]  # a CA's key can sign
    done = configured.ca.import_container(
        Path("uploaded.p12"), data=data, password=CA_PASSWORD, root="Laid", directory="laid"
    )
    assert {path.name for path in done.paths} == {"Laid.key", "Laid.cer"}
    assert configured.ca.look(root="Laid", directory="laid").existing
