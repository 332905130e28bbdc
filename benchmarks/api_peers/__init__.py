"""What the API is measured against: the same list of 25 customers, each as its framework's own documents write it.

Each verifies the RS256 signature, the audience and the times of the token at each call, runs one query and writes the
fields of our own items. None counts or logs, and none but SimpleJWT, whose default it is, looks the caller up.
"""

import os
from base64 import b64decode
from typing import Any

AUDIENCE = "https://api.partnercenter.microsoft.com"
PUBLIC_KEY = b64decode(os.environ.get("BENCH_PUBLIC_KEY", "")).decode()


def item(key: str, domain: str, name: str, relationship: str) -> dict[str, Any]:
    """One customer on the wire."""
    return {
        "id": key,
        "commerceId": key,
        "companyProfile": {
            "tenantId": key,
            "domain": domain,
            "companyName": name,
            "attributes": {"objectType": "CustomerCompanyProfile"},
        },
        "relationshipToPartner": relationship,
        "links": {"self": {"uri": f"/customers/{key}", "method": "GET", "headers": []}},
        "attributes": {"objectType": "Customer"},
    }
