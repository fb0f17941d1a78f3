"""People at their browsers: each has a window of their own, and every page they see is looked at as a careful visitor would."""

from contextlib import suppress
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Response

from commands.walking import sign_in

SERIOUS = {"serious", "critical"}
EXPECTED = ("404", "422")
"""Answers that a step may ask for on purpose; the browser reports each as an error of the console."""


@dataclass(slots=True)
class Somebody:
    """One person, one window. `troubles` holds what was wrong with the pages seen so far."""

    page: Page
    base: str
    name: str
    troubles: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Hear every error of script and every refusal by the policy from now on."""
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.name} {self.page.url}: {error}"))
        self.page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)

    def _heard(self, text: str) -> None:
        if not any(f"status of {code}" in text for code in EXPECTED):
            self.troubles.append(f"{self.name} {self.page.url}: {text}")

    def look(self) -> None:
        """Let axe look at the page as it stands."""
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in SERIOUS:
                self.troubles.append(f"{self.name} {self.page.url}: {found['id']}: {found['nodes'][0]['html'][:160]}")

    def visit(self, path: str, status: int = 200) -> Page:
        """Open a page, which must answer with `status`, and look at it."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status, f"{self.name} {path}: {answer.status}"
        self.look()
        return self.page

    def press(self, button: Locator, status: int = 200) -> Page:
        """Press a button that sends a form, say yes where the page asks, and look at the page that comes."""
        with self.page.expect_navigation() as going:
            button.click()
            if self.page.locator("#ask").is_visible():
                self.page.locator("#ask [data-yes]").click()
        answer: Response | None = going.value
        assert answer is not None
        assert answer.status == status, f"{self.name} {answer.url}: {answer.status}: {self.page.locator('main').inner_text()[:600]}"
        self.look()
        return self.page

    def leave(self) -> None:
        """Close the window."""
        with suppress(Exception):
            self.page.context.close()


def come_in(browser: Browser, base: str, local: str) -> Somebody:
    """Sign in as a person of the demo ("lead.catp"); "" is a stranger."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 1366, "height": 900})
    page = sign_in(context, base, f"{local}@demo.example") if local else context.new_page()
    somebody = Somebody(page, base, local or "public")
    somebody.listen()
    return somebody
