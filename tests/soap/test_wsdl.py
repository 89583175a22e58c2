"""The description names the service, its three operations and the address asked for."""

from lxml import etree

from pkilab.soap.operations import ACTIONS
from pkilab.soap.wsdl import wsdl

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
BINDING = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"


def test_the_service_is_called_caserver_and_stands_at_its_address() -> None:
    root = etree.fromstring(wsdl('http://h:52773/a"b<c>&d'))
    service = root.find(f"{WSDL}service")
    assert service is not None
    assert service.get("name") == "CAServer"
    address = service.find(f".//{BINDING}address")
    assert address is not None
    assert address.get("location") == 'http://h:52773/a"b<c>&d'


def test_each_operation_is_bound_to_its_action() -> None:
    root = etree.fromstring(wsdl("http://h/"))
    bound = root.findall(f"{WSDL}binding/{WSDL}operation")
    found = {operation.get("name"): operation[0].get("soapAction") for operation in bound}
    assert found == ACTIONS


def test_a_list_is_described_as_a_schema_followed_by_anything() -> None:
    root = etree.fromstring(wsdl("http://h/"))
    result = root.find(f".//{XSD}element[@name='ListCertificatesResult']/{XSD}complexType/{XSD}sequence")
    assert result is not None
    assert [(child.tag, child.get("ref")) for child in result] == [
        (f"{XSD}element", "s:schema"),
        (f"{XSD}any", None),
    ]
