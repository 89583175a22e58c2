"""From nouns to bytes and back: keys, requests, certificates. Pure; the only room that imports `cryptography`."""
