"""The CA servers' doors: SOAP, REST and health over HTTP. Nothing of the administrator's tasks is reachable here."""
