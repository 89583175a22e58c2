"""XML documents: signed and checked (XMLDSig), encrypted and decrypted (XML-Enc). Pure; the only room with signxml."""
