"""What the matrix walks on: everything that can be private, for two groupements and the nation.

Each text of each object is a canary of its own, so that whatever an answer contains tells what leaked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    CommentReply,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    UploadedFile,
)
from wagtail_localize.models import OverridableSegment, StringSegment, Translation, TranslationSource

from core.models import Document, Image
from regions import invitations, rights, services
from regions.models import Groupement, NetworkPage
from regions.roles import RoleCode
from tests.factories import pages
from tests.factories.world import World
from tests.isolation.matrix import written
from tests.isolation.matrix.canaries import NATION, A, B, public, secret
from tests.sample_records.models import SampleRecord
from users.models import DeviceReset

PARAGRAPH = "<p>{}</p>"


@dataclass
class Estate:
    """What one owner has. ``pages``: by kind; ``ids``: numbers of everything else, by kind."""

    owner: str
    home: Page
    keeper: object
    collection: Collection
    groupement: Groupement | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


def lay(world: World) -> dict[str, Estate]:
    """Make the ground in the database and return the estates by owner."""
    english = _english(world)
    office = rights.national_collection()
    estates = {
        A: Estate(A, world.home(world.a), world.people["referent_a"], world.a.collection, world.a),
        B: Estate(B, world.home(world.b), world.people["referent_b"], world.b.collection, world.b),
        NATION: Estate(NATION, world.national, world.people["editor"], office),
    }
    for estate in estates.values():
        _people(world, estate)
        _pages(estate, english)
        _media(estate)
        _around(estate)
    return estates


def _english(world: World) -> Locale:
    locale, _created = Locale.objects.get_or_create(language_code="en")
    NetworkPage.objects.get().copy_for_translation(locale).save_revision().publish()
    world.national.copy_for_translation(locale).save_revision().publish()
    for section in world.national.get_children().specific():
        section.copy_for_translation(locale).save_revision().publish()
    for groupement in (world.a, world.b):
        services.ensure_translated_home(groupement, locale)
    return locale


def _people(world: World, estate: Estate) -> None:
    """Names and addresses of those who hold roles there, and the names of what they share."""
    owner = estate.owner
    person = estate.keeper
    person.first_name, person.last_name = secret(owner, "first"), secret(owner, "last")
    person.email = f"{secret(owner, 'mail')}@example.org"
    person.save()
    group = person.groups.get()
    group.name = secret(owner, "group")
    group.save()
    estate.collection.name = secret(owner, "collection") if owner != NATION else public(owner, "collection")
    estate.collection.save()
    site = estate.groupement.site if estate.groupement else Site.objects.get(is_default_site=True)
    site.site_name = secret(owner, "site")
    site.save()
    estate.ids |= {"user": person.pk, "group": group.pk, "site": site.pk, "collection": estate.collection.pk}
    if estate.groupement:
        workflow = estate.groupement.workflow
        workflow.name = secret(owner, "workflow")
        workflow.save()
        task = workflow.workflow_tasks.get().task
        task.name = secret(owner, "task")
        task.save()
        estate.ids |= {"groupement": estate.groupement.pk, "zone": estate.groupement.zone_id, "workflow": workflow.pk}
        estate.ids |= {"task": task.pk}
    estate.ids["mandate"] = person.mandates.get().pk
    invitation = invitations.invite(
        email=f"{secret(owner, 'invited')}@example.org",
        role=RoleCode.CONTRIBUTOR if estate.groupement else RoleCode.NATIONAL_EDITOR,
        place=estate.groupement,
        invited_by=get_user_model().objects.get(email="admin@example.org"),
    )
    estate.ids["invitation"] = invitation.pk
    estate.ids["device_reset"] = DeviceReset.objects.create(
        person=person, reason=secret(owner, "lostdevice"), asked_by=person
    ).pk


def _revise(page: Page, person, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    return page.save_revision(user=person, log_action=True)


def _pages(estate: Estate, english: Locale) -> None:
    """A page of each state, each with its history, and one of them in two languages."""
    owner, home, person = estate.owner, estate.home, estate.keeper
    found = estate.pages
    found["home"] = home
    found["section"] = pages.section(home, "annuaire")
    found["live"] = pages.event(home, public(owner, "event"), summary=public(owner, "summary"), owner=person)
    _revise(found["live"], person).publish(user=person)
    found["draft"] = pages.contact(home, secret(owner, "draft"), live=False, owner=person)
    found["reworked"] = pages.guide(home, public(owner, "guide"), owner=person)
    _revise(found["reworked"], person, title=secret(owner, "reworked"))
    found["scheduled"] = pages.news(home, secret(owner, "scheduled"), live=False, owner=person)
    later = timezone.now() + dt.timedelta(days=30)
    _revise(found["scheduled"], person, go_live_at=later).publish(user=person)
    found["restricted"] = pages.resource(home, secret(owner, "restricted"), owner=person)
    restriction = PageViewRestriction.objects.create(page=found["restricted"], restriction_type="groups")
    restriction.groups.set(person.groups.all())
    words = [{"type": "rich_text", "value": PARAGRAPH.format(secret(owner, "chapterbody")), "id": "c1"}]
    found["chapter"] = pages.chapter(found["reworked"], secret(owner, "chapter"), body=words, owner=person)
    PageViewRestriction.objects.create(page=found["chapter"], restriction_type="groups").groups.set(
        person.groups.all()
    )
    found["translated"] = pages.partner(home, secret(owner, "partner"), live=False, owner=person)
    found["moderated"] = pages.news(home, secret(owner, "moderated"), live=False, owner=person)
    for page in list(found.values()):
        if not page.latest_revision_id:
            _revise(page, person)
    _translation(estate, english)
    _moderation(estate)
    draft = found["draft"]
    first = draft.latest_revision
    second = _revise(draft, person, summary=secret(owner, "revision"))
    estate.ids |= {"revision": first.pk, "revision_b": second.pk, "page_restriction": restriction.pk}
    comment = Comment.objects.create(page=draft, user=person, text=secret(owner, "comment"), contentpath="title")
    CommentReply.objects.create(comment=comment, user=person, text=secret(owner, "reply"))
    _in_english(estate, english)


def _in_english(estate: Estate, english: Locale) -> None:
    """The same states in the other language: published, waiting for its hour, reserved."""
    owner, person, found = estate.owner, estate.keeper, estate.pages
    titles = {
        "live": public(owner, "englishevent"),
        "scheduled": secret(owner, "englishscheduled"),
        "restricted": secret(owner, "englishrestricted"),
    }
    for kind, title in titles.items():
        page = found[kind].copy_for_translation(english)
        later = timezone.now() + dt.timedelta(days=30) if kind == "scheduled" else None
        _revise(page, person, title=title, draft_title=title, go_live_at=later).publish(user=person)
        found[f"english_{kind}"] = page


def _translation(estate: Estate, english: Locale) -> None:
    page = estate.pages["translated"]
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target(user=estate.keeper, publish=False)
    target = page.get_translation(english)
    _revise(target, estate.keeper, title=secret(estate.owner, "english"))
    estate.pages["english"] = target
    estate.pages["english_home"] = estate.home.get_translation(english)
    estate.ids |= {
        "source": source.pk,
        "translation": translation.pk,
        "overridable_segment": OverridableSegment.objects.filter(source=source).first().pk,
        "string_segment": StringSegment.objects.filter(source=source).first().pk,
    }


def _moderation(estate: Estate) -> None:
    if not estate.groupement:
        return
    page = estate.pages["moderated"]
    state = estate.groupement.workflow.start(page, estate.keeper)
    estate.ids |= {"workflow_state": state.pk, "task_state": state.current_task_state.pk}


def _media(estate: Estate) -> None:
    """Images and documents, some in a collection reserved to the owner's people."""
    owner, person = estate.owner, estate.keeper
    word = public if owner == NATION else secret
    # The nation's is beside its collection, not below: everyone may use what is below.
    parent = Collection.get_first_root_node() if owner == NATION else estate.collection
    closed = parent.add_child(instance=Collection(name=secret(owner, "closed")))
    restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    restriction.groups.set(person.groups.all())
    for kind, collection, name in (("", estate.collection, word), ("closed_", closed, secret)):
        image = Image.objects.create(
            title=name(owner, f"{kind}image".replace("_", "")),
            file=get_test_image_file(f"{name(owner, 'imagefile')}.png"),
            collection=collection,
            uploaded_by_user=person,
            credit=name(owner, "credit"),
        )
        document = Document.objects.create(
            title=name(owner, f"{kind}document".replace("_", "")),
            file=ContentFile(f"%PDF-1.4 {name(owner, 'filecontent')}\n".encode(), f"{name(owner, 'filename')}.pdf"),
            collection=collection,
            uploaded_by_user=person,
        )
        estate.ids |= {f"{kind}image": image.pk, f"{kind}document": document.pk}
    estate.ids |= {"closed_collection": closed.pk, "collection_restriction": restriction.pk}
    for kind, model in (("image", Image), ("document", Document)):
        upload = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=ContentFile(b"x", f"{secret(owner, 'upload')}.txt"),
            uploaded_by_user=person,
        )
        estate.ids[f"{kind}_upload"] = upload.pk


def _around(estate: Estate) -> None:
    redirect = Redirect.objects.create(
        old_path=f"/{secret(estate.owner, 'redirect')}",
        site_id=estate.ids["site"],
        redirect_page=estate.pages["draft"],
    )
    session = EditingSession.objects.create(
        user=estate.keeper,
        content_type=ContentType.objects.get_for_model(estate.pages["draft"].specific_class),
        object_id=str(estate.pages["draft"].pk),
        last_seen_at=timezone.now(),
        is_editing=True,
    )
    record = SampleRecord.objects.create(
        groupement=estate.groupement,
        title=secret(estate.owner, "record"),
        note=secret(estate.owner, "recordnote"),
        page=estate.pages["draft"],
    )
    estate.ids |= {"redirect": redirect.pk, "session": session.pk, "sample_record": record.pk}
    written.lay(estate)
