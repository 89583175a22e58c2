"""The SOAP service's messages, to bytes and back: SOAP 1.1, document/literal wrapped. Nothing else uses lxml."""
