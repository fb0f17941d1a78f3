import pytest
from axe_playwright_python.sync_playwright import Axe

from commands.walking import ROLES, walk

SERIOUS = {"serious", "critical"}


@pytest.mark.soak
@pytest.mark.parametrize("role", ["", *ROLES])
def test_every_page_a_role_can_reach_is_whole_and_accessible(browser, demo, demo_urls, role):
    troubles, seen = [], 0

    def look(page, visit):
        found = Axe().run(page).response["violations"]
        visit.troubles += [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in SERIOUS]
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            visit.troubles.append("scrolls sideways at 320")
        page.set_viewport_size({"width": 1280, "height": 900})

    for visit in walk(browser, demo, demo_urls, role, look):
        seen += 1
        troubles += [f"{visit.path} ({visit.status}): {trouble}" for trouble in visit.troubles]
        if visit.status != 200:
            troubles.append(f"{visit.path}: {visit.status}")
    assert not troubles, "\n".join(troubles)
    assert seen >= 3
