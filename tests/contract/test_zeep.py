"""zeep, a SOAP client that nobody here wrote, loads the WSDL over HTTP and calls all three operations with no help."""

from __future__ import annotations

from typing import Any

import pytest
import zeep
from zeep.exceptions import Fault

from tests.contract.conftest import Serving
from tests.scene import signing_request


def loaded(url: str) -> Any:
    return zeep.Client(url)  # type: ignore[no-untyped-call]  # zeep's has no types


def test_zeep_submits_lists_and_fetches(serving: Serving) -> None:
    client = loaded(f"{serving.soap}?WSDL")
    content = signing_request("santiago")
    sent = client.service.SubmitCSR(
        csr={
            "Name": "santiago.lab.test:Santiago:SantiagoDev",
            "Hostname": "santiago.lab.test",
            "Instance": "Santiago",
            "Filename": "SantiagoDev",
            "Contents": content.pem,
            "Subject": "/CN=santiago.lab.test",
            "ContactName": "Ana",
        }
    )
    assert "successfully submitted" in sent
    (number,) = serving.issue_pending()

    listed = client.service.ListCertificates(hostname="SANTIAGO.lab.test", instance="")
    (row,) = listed["_value_1"]["_value_1"]
    assert dict(row["SQL"].__values__) == {
        "Number": str(number),
        "Hostname": "santiago.lab.test",
        "Instance": "Santiago",
        "Filename": "SantiagoDev",
    }

    fetched = client.service.GetCertificate(number=row["SQL"]["Number"])
    assert fetched["Filename"] == "SantiagoDev"
    assert fetched["Contents"] == serving.lab.instance("MyCA").server.certificate(number).pem


def test_zeep_reads_an_empty_list(serving: Serving) -> None:
    client = loaded(f"{serving.soap}?wsdl")
    assert client.service.ListCertificates(hostname="", instance="")["_value_1"]["_value_1"] == []
    assert client.service.ListCertificates()["_value_1"]["_value_1"] == []


def test_zeep_gets_the_cas_own_certificate_at_the_path_of_its_instance(serving: Serving) -> None:
    client = loaded(f"{serving.url}/MyCA/isc/pki/PKI.CAServer.cls?WSDL")
    found = client.service.GetCertificate("0")
    assert (found["Number"], found["Instance"], found["Filename"]) == ("0", "MyCA", "MyCA")
    assert found["Contents"] == serving.lab.instance("MyCA").server.ca_certificate().pem


def test_zeep_understands_a_fault(serving: Serving) -> None:
    client = loaded(f"{serving.soap}?WSDL")
    with pytest.raises(Fault) as caught:
        client.service.GetCertificate("99")
    assert caught.value.code == "soap:Client"
    assert "no certificate with number 99" in caught.value.message
    (code,) = caught.value.detail.iter("{http://pki.intersystems.com}code")
    assert code.text == "UnknownNumber"
