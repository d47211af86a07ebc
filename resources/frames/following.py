"""What follows from a national page being published, renamed or translated: nothing local is lost."""

from __future__ import annotations

from regions import rights
from regions.models import CompletingPage
from regions.places import HOME_PATH_LENGTH, NETWORK_PATH_LENGTH, relative_path
from resources.frames import changes, services
from resources.frames.models import FramePage


def note_publication(sender, instance, revision=None, **kwargs) -> None:
    """A frame, or an answer, was published: write down what the nation changed. For ``page_published``."""
    if not issubclass(sender, FramePage):
        return
    if instance.completes:
        services.publish_container(instance)
        return
    changes.record_publication(instance, revision)
    if getattr(instance, "must_be_completed", False) and instance.is_the_nations:
        # Its part is immovable: what a groupement wrote at its address is read in it from now on.
        _link(instance, relative_path(instance))


def keep_links(sender, instance, instance_before=None, **kwargs) -> None:
    """A national page changes its address: those that completed it by that address alone go on doing so.

    One update for the page and one for each page below it, whatever the number of groupements.
    For ``page_slug_changed``.
    """
    if not issubclass(sender, CompletingPage) or not sender.completes_by_address or instance_before is None:
        return
    if not instance.path.startswith(tuple(home.path for home in rights.national_homes())):
        return
    _link(instance, relative_path(instance_before))
    for child in instance.get_children().specific():
        if isinstance(child, CompletingPage):
            _link(child, f"{relative_path(instance_before)}{child.slug}/")


def _link(national, address: str) -> None:
    """Have the local pages of an address complete a national page, by its key."""
    namesakes = type(national).objects.filter(
        completes__isnull=True,
        depth=national.depth,
        slug=address.rstrip("/").rpartition("/")[2],
        url_path__endswith=f"/{address}",
        path__startswith=national.path[:NETWORK_PATH_LENGTH],
    )
    namesakes.exclude(path__startswith=national.path[:HOME_PATH_LENGTH]).update(completes=national.translation_key)


def forget_answers(sender, source_obj, target_obj, **kwargs) -> None:
    """A local page is translated: its answers belong to their language. For ``copy_for_translation_done``."""
    if isinstance(target_obj, FramePage) and target_obj.given:
        type(target_obj).objects.filter(pk=target_obj.pk).update(answers=[])
        target_obj.answers = []
        target_obj.__dict__.pop("given", None)
        if revision := target_obj.latest_revision:
            revision.content["answers"] = "[]"
            revision.save(update_fields=["content"])
