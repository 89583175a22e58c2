"""The ASN.1 modules of the RFCs as data: which field stands where. Each type is written down once."""
