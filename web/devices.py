"""What a browser calls itself, in words: enough for a person to recognise the own devices, no more."""

from flask_babel import gettext as _

BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""By a mark in what it sends; many send the marks of others too, so the order counts."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(sent: str) -> str:
    """Return "Chrome trên Windows" for what a browser sends; what is not known is said to be unknown, never shown as sent."""
    browser = next((name for mark, name in BROWSERS if mark in sent), "")
    system = next((name for mark, name in SYSTEMS if mark in sent), "")
    if browser and system:
        return str(_("%(browser)s trên %(system)s", browser=browser, system=system))
    return browser or system or str(_("Thiết bị không rõ"))
