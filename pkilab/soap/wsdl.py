"""The description of the service: WSDL 1.1 with its SOAP 1.1 binding."""

from __future__ import annotations

from html import escape

from pkilab.soap.envelope import PKI
from pkilab.soap.operations import ACTIONS, OPERATIONS
from pkilab.soap.schema import MESSAGE_SCHEMA, XSD


def wsdl(url: str) -> bytes:
    """Return the WSDL of a service at `url`: service `CAServer`, port `CAServerSoap`."""
    messages = "".join(
        f'  <message name="{operation}Soap{way}">\n'
        f'    <part name="parameters" element="s0:{operation}{element}"/>\n'
        "  </message>\n"
        for operation in OPERATIONS
        for way, element in (("In", ""), ("Out", "Response"))
    )
    ports = "".join(
        f'    <operation name="{operation}">\n'
        f'      <input message="s0:{operation}SoapIn"/>\n'
        f'      <output message="s0:{operation}SoapOut"/>\n'
        "    </operation>\n"
        for operation in OPERATIONS
    )
    bindings = "".join(
        f'    <operation name="{operation}">\n'
        f'      <soap:operation soapAction="{ACTIONS[operation]}" style="document"/>\n'
        '      <input>\n        <soap:body use="literal"/>\n      </input>\n'
        '      <output>\n        <soap:body use="literal"/>\n      </output>\n'
        "    </operation>\n"
        for operation in OPERATIONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"'
        f' xmlns:s="{XSD}" xmlns:s0="{PKI}" targetNamespace="{PKI}">\n'
        f"  <types>\n{MESSAGE_SCHEMA}  </types>\n"
        f"{messages}"
        f'  <portType name="CAServerSoap">\n{ports}  </portType>\n'
        '  <binding name="CAServerSoap" type="s0:CAServerSoap">\n'
        '    <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>\n'
        f"{bindings}"
        "  </binding>\n"
        '  <service name="CAServer">\n'
        '    <port name="CAServerSoap" binding="s0:CAServerSoap">\n'
        f'      <soap:address location="{escape(url)}"/>\n'
        "    </port>\n"
        "  </service>\n"
        "</definitions>\n"
    ).encode()
