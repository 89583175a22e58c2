"""XML Schema of the service's messages, and of the data set that a list is."""

from __future__ import annotations

from pkilab.soap.envelope import PKI

XSD = "http://www.w3.org/2001/XMLSchema"

DATA_SET_SCHEMA = f"""\
        <s:schema xmlns:s="{XSD}" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" id="DefaultDataSet"\
 targetNamespace="{PKI}" elementFormDefault="qualified" attributeFormDefault="qualified">
          <s:element name="DefaultDataSet" msdata:IsDataSet="true">
            <s:complexType>
              <s:choice minOccurs="0" maxOccurs="unbounded">
                <s:element name="SQL">
                  <s:complexType>
                    <s:sequence>
                      <s:element name="Number" type="s:string" minOccurs="0"/>
                      <s:element name="Hostname" type="s:string" minOccurs="0"/>
                      <s:element name="Instance" type="s:string" minOccurs="0"/>
                      <s:element name="Filename" type="s:string" minOccurs="0"/>
                    </s:sequence>
                  </s:complexType>
                </s:element>
              </s:choice>
            </s:complexType>
          </s:element>
        </s:schema>
"""
"""The schema inside a list. zeep finds rows only if schema and rows are in the service's namespace."""

MESSAGE_SCHEMA = f"""\
    <s:schema targetNamespace="{PKI}" elementFormDefault="qualified">
      <s:element name="SubmitCSR">
        <s:complexType>
          <s:sequence>
            <s:element name="csr" type="s0:CSR" minOccurs="0"/>
          </s:sequence>
        </s:complexType>
      </s:element>
      <s:complexType name="CSR">
        <s:sequence>
          <s:element name="Name" type="s:string" minOccurs="0"/>
          <s:element name="Hostname" type="s:string" minOccurs="0"/>
          <s:element name="Instance" type="s:string" minOccurs="0"/>
          <s:element name="Filename" type="s:string" minOccurs="0"/>
          <s:element name="Contents" type="s:string" minOccurs="0"/>
          <s:element name="Subject" type="s:string" minOccurs="0"/>
          <s:element name="ContactName" type="s:string" minOccurs="0"/>
          <s:element name="ContactPhone" type="s:string" minOccurs="0"/>
          <s:element name="ContactEmail" type="s:string" minOccurs="0"/>
        </s:sequence>
      </s:complexType>
      <s:element name="SubmitCSRResponse">
        <s:complexType>
          <s:sequence>
            <s:element name="SubmitCSRResult" type="s:string"/>
          </s:sequence>
        </s:complexType>
      </s:element>
      <s:element name="GetCertificate">
        <s:complexType>
          <s:sequence>
            <s:element name="number" type="s:string" minOccurs="0"/>
          </s:sequence>
        </s:complexType>
      </s:element>
      <s:element name="GetCertificateResponse">
        <s:complexType>
          <s:sequence>
            <s:element name="GetCertificateResult" type="s0:Certificate"/>
          </s:sequence>
        </s:complexType>
      </s:element>
      <s:complexType name="Certificate">
        <s:sequence>
          <s:element name="Number" type="s:string" minOccurs="0"/>
          <s:element name="Hostname" minOccurs="0">
            <s:simpleType>
              <s:restriction base="s:string">
                <s:maxLength value="100"/>
              </s:restriction>
            </s:simpleType>
          </s:element>
          <s:element name="Instance" type="s:string" minOccurs="0"/>
          <s:element name="Filename" type="s:string" minOccurs="0"/>
          <s:element name="Contents" type="s:string" minOccurs="0"/>
        </s:sequence>
      </s:complexType>
      <s:element name="ListCertificates">
        <s:complexType>
          <s:sequence>
            <s:element name="hostname" type="s:string" minOccurs="0"/>
            <s:element name="instance" type="s:string" minOccurs="0"/>
          </s:sequence>
        </s:complexType>
      </s:element>
      <s:element name="ListCertificatesResponse">
        <s:complexType>
          <s:sequence>
            <s:element name="ListCertificatesResult">
              <s:complexType>
                <s:sequence>
                  <s:element ref="s:schema"/>
                  <s:any/>
                </s:sequence>
              </s:complexType>
            </s:element>
          </s:sequence>
        </s:complexType>
      </s:element>
    </s:schema>
"""
"""The types of the WSDL. `s0` is bound to the service's namespace there."""
