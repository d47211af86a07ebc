"""A merged page costs at most three queries more than the same page without slots; publishing costs the same."""

from __future__ import annotations

from django.test import Client

from regions.places import relative_path
from resources.frames.models import FrameChange
from tests.factories import crowd, frames, pages
from tests.helpers import count_queries, page_html

AT_MOST = 3


def slots(count: int) -> list[dict]:
    return [
        block
        for rank in range(count)
        for block in (
            frames.slot(f"t{rank}"),
            frames.slot(f"c{rank}", kind="contacts", categories=["association"]),
            frames.slot(f"e{rank}", kind="events", theme="emploi-prive"),
            frames.slot(f"d{rank}", kind="document"),
        )
    ]


def measure(host: str, page) -> int:
    client = Client(headers={"host": host})
    return count_queries(lambda: page_html(client.get(f"/{relative_path(page)}")))


def answers(count: int):
    given = frames.given({f"t{rank}": "Un mot." for rank in range(count)})
    document = pages.document()
    for rank in range(count):
        given.given |= frames.given({f"d{rank}": "Le voici."}, document=document.pk).given
    return given


def test_merged_pages__many_slots_and_answers__cost_at_most_three_queries_more(world):
    for _number in range(9):
        pages.contact(world.home(world.a))
        pages.event(world.home(world.a), themes=[pages.theme()])
    makers = {
        "chapter": lambda body: frames.frame(world.national, body=body),
        "partner": lambda body: frames.published(pages.partner(world.national, body=body)),
        "standard": lambda body: frames.published(pages.standard(world.national, body=body)),
    }
    for name, make in makers.items():
        plain = make([frames.text("x")])
        one, many = make(slots(1)), make(slots(12))
        for national, count in ((one, 1), (many, 12)):
            for groupement in (world.a, world.b):
                frames.complement(world.home(groupement), national, answers(count))
        frames.complement(world.home(world.a), plain, frames.given({"x": "rien"}))
        for host in (world.host(world.a), world.national_host):
            for page in (plain, one, many):
                measure(host, page)  # the size of a document is noted at its first visit
            alone = measure(host, plain)
            assert measure(host, many) == measure(host, one) <= alone + AT_MOST, (name, host)


def test_publishing_a_change__more_groupements__costs_the_same_and_writes_one_row(world):
    national = frames.frame(world.national)

    def publish() -> int:
        page = type(national).objects.get(pk=national.pk)
        page.body = page.body.stream_block.to_python([*frames.STORY, frames.text(f"n{FrameChange.objects.count()}")])
        return count_queries(lambda: page.save_revision().publish())

    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    publish()
    few = publish()
    crowd.add_groupements(10)
    frames.complement(world.home(world.b), national, frames.given({"s1": "b"}))
    assert publish() == few
    assert FrameChange.objects.filter(page=national.pk).count() == 3


def test_merged_page__links_in_answers__cost_the_same_for_one_and_for_twelve(world):
    """Links to pages and files, in the national text as in the answers: each kind is looked up once for a page."""
    document, target = pages.document(), pages.contact(world.home(world.a))
    words = f'<a linktype="page" id="{target.pk}">page</a> <a linktype="document" id="{document.pk}">file</a>'
    national_text = frames.text("n", words)
    plain = frames.frame(world.national, body=[national_text])
    one, many = (
        frames.frame(world.national, body=[national_text, *(frames.slot(f"t{rank}") for rank in range(count))])
        for count in (1, 12)
    )
    for page, count in ((one, 1), (many, 12)):
        frames.complement(world.home(world.a), page, frames.given({f"t{rank}": words for rank in range(count)}))
    for host in (world.host(world.a), world.national_host):
        for page in (plain, one, many):
            measure(host, page)
        assert measure(host, many) == measure(host, one) <= measure(host, plain) + AT_MOST, host
