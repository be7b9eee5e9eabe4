"""The page behind the setup link, and the policy that lets nothing run in it but its own script."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).parent / "pages" / "setup.html"


@cache
def page() -> str:
    """Give the page; it is whole in itself and the same for everybody."""
    return FILE.read_text("utf-8")


@cache
def headers() -> dict[str, str]:
    """Give the headers of the page: it keeps its address to itself, and is not kept anywhere."""
    policy = [
        "default-src 'none'",
        f"script-src '{digest('script')}'",
        f"style-src '{digest('style')}'",
        "connect-src 'self'",
        "form-action 'none'",  # the script sends it; without script a password must not leave by accident
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def digest(element: str) -> str:
    """Give the digest of the one inline script or style, as a policy names it."""
    (inside,) = re.findall(f"<{element}>(.*?)</{element}>", page(), re.DOTALL)
    return f"sha256-{b64encode(sha256(inside.encode()).digest()).decode()}"
