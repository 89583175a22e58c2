#!/bin/sh
# A client that knows nothing but curl, sed and grep, and reads answers line by line.
# Usage: shell_client.sh URL HOST INSTANCE FILEROOT CSR CERTIFICATE
# Submits CSR, waits until the list has a certificate for HOST and INSTANCE, and writes the newest to CERTIFICATE.
set -eu
url=$1 host=$2 instance=$3 root=$4 csr=$5 certificate=$6
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

call() {  # OPERATION, the body's content on standard input
    {
        printf '<?xml version="1.0" encoding="utf-8"?>\n'
        printf '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\n<soap:Body>\n'
        cat
        printf '</soap:Body>\n</soap:Envelope>\n'
    } | curl --silent --show-error --noproxy '*' --max-time 20 --output "$answer" --data-binary @- \
        --header 'Content-Type: text/xml; charset=utf-8' \
        --header "SOAPAction: http://pki.intersystems.com/PKI.CAServer.$1" \
        --header 'Cookie: CSPSESSIONID=0000; CSPWSERVERID=abc' "$url"
}

call SubmitCSR <<END
<s01:SubmitCSR xmlns:s01="http://pki.intersystems.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<s01:csr xsi:type="s01:CSR">
<s01:Name>$(printf '%s:%s:%s' "$host" "$instance" "$root" | tr '[:lower:]' '[:upper:]')</s01:Name>
<s01:Hostname xsi:type="s:string">$host</s01:Hostname>
<s01:Instance>$instance</s01:Instance>
<s01:Filename>$root</s01:Filename>
<s01:Contents>$(cat "$csr")</s01:Contents>
<s01:Subject></s01:Subject>
<s01:ContactName>Contact</s01:ContactName>
<s01:ContactPhone>Phone</s01:ContactPhone>
<s01:ContactEmail>Mail</s01:ContactEmail>
</s01:csr>
</s01:SubmitCSR>
END
grep -Fq 'successfully submitted' "$answer" || { cat "$answer" >&2; exit 1; }
echo submitted

number=
for _ in $(seq 50); do
    call ListCertificates <<END
<ListCertificates xmlns="http://pki.intersystems.com">
<hostname>$host</hostname>
<instance>$instance</instance>
</ListCertificates>
END
    number=$(grep '<Number>' "$answer" | tail -n 1 | cut -d '>' -f 2 | cut -d '<' -f 1)
    [ -z "$number" ] || break
    sleep 0.2
done
[ -n "$number" ] || { echo 'no certificate' >&2; exit 1; }
echo "number $number"

call GetCertificate <<END
<GetCertificate xmlns="http://pki.intersystems.com"><number>$number</number></GetCertificate>
END
first=$(grep -n '<Contents>' "$answer" | cut -d : -f 1)
last=$(grep -n '</Contents>' "$answer" | cut -d : -f 1)
{
    sed -n "${first}s/^<Contents>//p" "$answer"
    sed -n "$((first + 1)),$((last - 1))p" "$answer"
} > "$certificate"
echo fetched
