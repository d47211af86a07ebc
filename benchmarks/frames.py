"""What a change of a national text costs, and reading it, with 3, 100 and 1,000 groupements that have answered.

    .venv/bin/python -m benchmarks.frames

Each groupement is copied in bulk from the first: its row, its home, its published answers and their version. Before
each change the index has followed, as the clock has it do. Publishing is measured as code does it (the version, the row
of the change, what follows the commit, this page in the index) and as the national editor does it, from the button to the
next screen. What is then left to the clock is measured apart. Queries are exact; times are medians. A measure, never a
test.
"""

from __future__ import annotations

import itertools
import statistics
import time

from benchmarks.stage import load, say, scratch_site, table

COUNTS = (3, 100, 1000)
RUNS = 5
HEADER = [
    "answers",
    "open the form",
    "publish, code",
    "publish, button",
    "left to the clock",
    "read, groupement",
    "read, nation",
    "matrix",
]


def main() -> None:
    with scratch_site():
        from resources.index import following
        from tests.factories import crowd, frames, pages
        from tests.factories import world as world_module

        world_module.build()
        world = world_module.load()
        body = [*frames.STORY, frames.slot("c1", kind="contacts", categories=["association"])]
        national = frames.published(pages.standard(world.national, "Projet", slug="projet", body=body))
        pages.contact(world.home(world.a))
        answers = frames.given({"s1": "Un mot d'ici.", "s2": "Un autre."})
        first = frames.complement(world.home(world.a), national, answers)
        say(load())
        rows, made = [], 1
        for count in COUNTS:
            crowd.answer_alike(first, count - made)
            made = count
            following.follow()
            editor = Editor(world, national)
            runs: dict[str, list] = {name: [] for name in HEADER[1:]}
            for _run in range(RUNS):
                runs["publish, code"].append(measured(lambda: publish(national, frames)))
                runs["left to the clock"].append(measured(following.follow))
                runs["open the form"].append(measured(editor.open))
                runs["publish, button"].append(measured(editor.publish))
                following.follow()
                runs["read, groupement"].append(measured(lambda: read(world.host(world.a), national)))
                runs["read, nation"].append(measured(lambda: read(world.national_host, national)))
                runs["matrix"].append(measured(state_of_all))
            rows.append([f"{count}", *(cell(runs[name]) for name in HEADER[1:])])
        table(HEADER, rows)


def cell(runs: list[tuple[int, float]]) -> str:
    """The most queries of these runs, and the median of their times."""
    return f"{max(count for count, _time in runs)} q, {statistics.median(time_ for _count, time_ in runs):.0f} ms"


def measured(action) -> tuple[int, float]:
    """Number of queries and milliseconds of one run, from cold caches."""
    from tests.helpers import count_queries

    started = time.perf_counter()
    count = count_queries(action)
    return count, (time.perf_counter() - started) * 1000


def publish(national, frames) -> None:
    """Reword one paragraph of the national page."""
    from resources.frames.models import FrameChange

    page = type(national).objects.get(pk=national.pk)
    words = frames.text("t1", f"Version {FrameChange.objects.count()}.")
    story = [words if block["id"] == "t1" else block for block in page.body.get_prep_value()]
    page.body = page.body.stream_block.to_python(story)
    page.change_importance, page.change_note = "review", "Relisez."
    page.save_revision().publish()


class Editor:
    """The national editor, on the form of a page of text."""

    def __init__(self, world, national) -> None:
        from django.test import Client
        from django.urls import reverse

        self.national = national
        self.numbers = itertools.count(1)
        self.client = Client(headers={"host": world.national_host})
        self.client.force_login(world.people["editor"])
        self.url = reverse("wagtailadmin_pages:edit", args=[national.pk])
        self.open()  # what a process does once

    def open(self) -> None:
        assert self.client.get(self.url).status_code == 200

    def publish(self) -> None:
        from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

        slot = {"title": "Titre s1", "kind": "text", "required": "on", "prompt": "Question s1", "minimum": "1"}
        words = rich_text(f"<p>Par le bouton, {next(self.numbers)}.</p>")
        body = streamfield([("rich_text", words), ("local_slot", slot | {"example": "", "theme": ""})])
        body["0"]["id"], body["1"]["id"] = "t1", "s1"
        data = {"title": self.national.title, "slug": self.national.slug, "summary": "", "body": body}
        data |= {"change_importance": "review", "change_note": "Relisez.", "action-publish": "1"}
        data |= {
            "owner_name": "Paul Durand",
            "owner_role": "",
            "next_check_on": "2037-06-01",
            "comments": inline_formset([]),
        }
        response = self.client.post(self.url, nested_form_data(data))
        assert response.status_code == 302, response.content.decode()


def read(host: str, page) -> None:
    """Ask for the page as a visitor does."""
    from django.test import Client

    from regions.places import relative_path

    assert Client(headers={"host": host}).get(f"/{relative_path(page)}").status_code == 200


def state_of_all() -> None:
    """How complete every groupement of the installation is."""
    from regions.models import Groupement
    from resources.frames.completeness import matrix

    matrix(Groupement.objects.all())


if __name__ == "__main__":
    main()
