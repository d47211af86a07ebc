"""The contents of sites-conformes: its own starter and demonstration pages, then articles of as many words as our chapter.

Run by the Python of its environment, on a migrated database.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.rendering import PARAGRAPHS, WORDS, paragraphs

ARTICLES, LINKED = 10, 6


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from faker import Faker

    mend_templates()
    Faker.seed(1)
    call_command("create_starter_pages")
    call_command("create_demo_pages")
    articles()


def mend_templates() -> None:
    """Five of its templates extend another by the name that it had before the packaging."""
    import sites_conformes

    folder = Path(sites_conformes.__file__).parent / "content_manager/templates/sites_conformes_content_manager"
    Path("templates").mkdir(exist_ok=True)
    link = Path("templates/content_manager")
    link.unlink(missing_ok=True)
    link.symlink_to(folder)


def articles() -> None:
    """Articles as an editor writes them: a category, an author, tags; a link in each paragraph, and in one article none."""
    from sites_conformes.blog.models import BlogEntryPage, BlogIndexPage, Category, Organization, Person
    from sites_conformes.content_manager.models import ContentPage
    from wagtail.models import Locale
    from wagtail.rich_text import RichText

    index = BlogIndexPage.objects.get()
    linked = ContentPage.objects.filter(slug__startswith="page-").order_by("pk")[:LINKED]
    written = {f"article-{rank}": paragraphs([page.pk for page in linked], PARAGRAPHS) for rank in range(ARTICLES)}
    written["article-plain"] = [f"<p>{WORDS}</p>"] * PARAGRAPHS
    category = Category.objects.create(name="Logement", slug="logement", locale=Locale.get_active())
    organization = Organization.objects.create(name="Association", slug="association")
    author = Person.objects.create(name="Camille Martin", role="Bénévole", organization=organization)
    for slug, texts in written.items():
        article = BlogEntryPage(title=f"Choisir sa ville ({slug})", slug=slug)
        article.body = [("paragraph", RichText(text)) for text in texts]
        index.add_child(instance=article)
        article.blog_categories.add(category)
        article.authors.add(author)
        article.tags.add("ville", "logement")
        article.save_revision().publish()


if __name__ == "__main__":
    main()
