"""The administrator's lists on a telephone: rows one below the other, nothing to scroll sideways for."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.tasks.asking import ask
from mara_site.settings.tasks import DATABASE, task_place
from tests.browsing import HOST, chromium_page
from tests.core.tasks import samples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("MARA_CHROMIUM"), reason="Chromium is absent"),
]
SCREENS = ("hosting_status", "site_tasks", "network_state")
WIDER = "element => element.scrollWidth > element.clientWidth + 1"


@pytest.fixture
def given_up(world, settings):
    """Tasks that were given up, of which the error is one long word."""
    settings.TASKS = task_place(DATABASE)
    ask(samples.note, [("Finistère",), ("Gers",)])
    DBTaskResult.objects.update(
        status="FAILED",
        worker_ids=["w"] * 5,
        finished_at=timezone.now(),
        exception_class_path="a.place." + "Unexpected" * 8,
        traceback="x" * 200,
    )


def test_lists__on_a_telephone__are_read_without_scrolling_sideways(browser, world, signed_in, given_up):
    wider = []
    with chromium_page(signed_in("admin"), browser, viewport={"width": 390, "height": 844}) as page:
        for name in SCREENS:
            page.goto(f"http://{HOST}{reverse(name)}")
            for details in page.locator(".mara-people details summary").all():
                details.click()
            boxes = page.locator(".mara-people, .mara-people__scroll, .mara-people__told").all()
            wider += [name for box in boxes if box.evaluate(WIDER)]
            wider += [name] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert all(cell.is_visible() for cell in page.locator(".mara-people td").all())
    assert wider == []
