"""The partners' national profiles, and where they are represented in the groupements."""

from __future__ import annotations

from html import escape

from django.utils.text import slugify

from demo.builders.base import NATION, Load
from demo.sources import FILES, read_table
from demo.typography import french, without_elision
from resources.models import PartnerBranchPage, PartnerPage

SECTION = "partenaires"


def build(load: Load) -> None:
    """Add the profiles that are missing, then the branches."""
    data = read_table("partners")
    section = load.section(NATION, SECTION)
    for row in data["partners"]:
        if not section.get_children().filter(slug=row["slug"]).exists():
            load.add(section, _partner(load, row), user=load.author(NATION))
    partners = {partner.slug: partner for partner in PartnerPage.objects.child_of(section)}
    for row in data["branches"]:
        owner = row["groupement"]
        branch = _branch(load, row, partners[row["partner"]])
        load.add(load.section(owner, SECTION), branch, user=load.author(owner))
    load.say(f"  {len(partners)} partenaires, {len(data['branches'])} antennes")


def _partner(load: Load, row: dict) -> PartnerPage:
    key = f"partners/{row['slug']}"
    user = load.author(NATION)
    logo = None
    if (FILES / "images" / f"logo-{row['slug']}.png").is_file():
        logo = load.media.image(
            f"logo-{row['slug']}.png",
            title=f"Monogramme – {row['name']}",
            alt_text=f"Monogramme de {row['name']}, dessiné pour la démonstration",
            owner=NATION,
            user=user,
        )
    return PartnerPage(
        slug=row["slug"],
        title=row["name"],
        summary=french(row["summary"]),
        mission=load.rich(NATION, row["mission"], key=f"{key}/mission"),
        offer="<ul>" + "".join(f"<li>{escape(french(line), quote=False)}</li>" for line in row["offer"]) + "</ul>",
        how_to_reach=load.rich(NATION, row["how_to_reach"], key=f"{key}/how_to_reach"),
        agreement_status=row["agreement_status"],
        agreement_date=load.ago(row.get("agreement_days_ago")),
        logo=logo,
        website=row["website"],
        checked_on=load.ago(row.get("checked_days_ago")),
        checked_by=str(user or ""),
        next_check_on=load.ahead(180),
        **load.filing(row),
    )


def _branch(load: Load, row: dict, partner: PartnerPage) -> PartnerBranchPage:
    signed = row["charter_status"] in {"signed", "ended"}
    slug = slugify(without_elision(f"{partner.slug}-{row['commune']}"))
    branch = PartnerBranchPage(
        slug=slug,
        title=f"{partner.title} – {row['name']}",
        summary=french(row["note"][:290]),
        partner=partner,
        contact_name=row["contact_name"],
        phone=row["phone"],
        email=row["email"],
        opening_hours=french(row["hours"]),
        address=row["address"],
        postcode=row["postcode"],
        commune=row["commune"],
        insee_code=row["insee_code"],
        charter_status=row["charter_status"],
        # No two charters were signed on the same day; the seed is whatever distinguishes them.
        charter_date=load.ago(120 + len(slug) * 23) if signed else None,
        note=load.rich(row["groupement"], row["note"], key=f"branches/{row['groupement']}/{slug}"),
        checked_on=load.ago(len(slug) * 3),
        checked_by=str(load.author(row["groupement"]) or ""),
    )
    return branch
