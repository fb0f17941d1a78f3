"""What every step of a journey has in hand: the season, the address of its server, and whoever has come in."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from commands.simulation.papers import paper
from tests.journeys.people import Somebody, come_in
from tests.season import Season

COMMUNE, SILENT, OFFICE = "00004", "00008", "SKHCN"
"""The commune we follow, one that never submits, and the department that is a grading body and the secretariat as well."""
COVERED, JOINT, NEWS = "IV.09", "IV.21", "IV.03"
K = "/ky/2025"
CASE = f"{K}/ho-so/{COMMUNE}"


@dataclass(slots=True)
class Journey:
    """The season, the address of its server, and whoever has come in."""

    season: Season
    base: str
    browser: Browser
    papers: Path
    doors: ExitStack
    known: dict[str, Somebody]

    def who(self, local: str) -> Somebody:
        """Return somebody at their browser; they come in when first asked for."""
        if local not in self.known:
            self.known[local] = come_in(self.browser, self.base, local)
            self.doors.callback(self.known[local].leave)
        return self.known[local]

    def at(self, moment: datetime) -> None:
        """Let the working clock stand at a moment."""
        self.season.at(moment)

    def pdf(self, seed: int) -> Path:
        """Return a real PDF on the disk of the person."""
        made = paper(seed, 2025)
        path = self.papers / made.file_name
        path.write_bytes(made.content)
        return path

    def troubles(self) -> list[str]:
        """Return what was wrong with any page anybody saw."""
        return [trouble for person in self.known.values() for trouble in person.troubles]


def upload(person: Somebody, page: Page, file: Path) -> None:
    """Hand a file in as evidence and wait until the page shows it."""
    page.locator("#upload input[name=files]").set_input_files(file)
    expect(page.locator("#proofs")).to_contain_text(file.name)
    person.look()
