"""How long pages made for visitors are kept, and what they are made from (docs/performance.md).

Each model is in one of the two tables, and a test fails for a new one until its author has said which.
"""


def page_store(configured: dict) -> dict:
    """The entry of CACHES for kept pages, from an address that django-environ has read.

    A server that does not answer is not waited for: a page is made in less time.
    """
    if "redis" in configured["BACKEND"]:
        options = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}  # seconds
    else:
        options = {"MAX_ENTRIES": 1000}  # of some 40 kB
    if configured["BACKEND"].endswith(".LocMemCache"):
        configured = configured | {"BACKEND": "core.page_cache.store.PageMemory"}
    return configured | {"OPTIONS": options | configured.get("OPTIONS", {}), "KEY_PREFIX": "mara"}


# What the clock alone changes (an event that is over, "open now") is seen after so many seconds at most.
MARA_PAGE_CACHE_SECONDS = 60
# A front server (nginx, a CDN) gives a page again for so many seconds, and twice as many while it asks for the next.
MARA_PAGE_CACHE_SHARED_SECONDS = 2

# Whether a process remembers sites, languages and sections while nothing public changes (core.page_cache.memory).
MARA_REMEMBER = True

# Rows that visitors may see, on one page or another: a change of any of them has pages made again.
MARA_SHOWN = frozenset(
    {
        "core.Document",
        "core.Image",
        "dashboards.Label",
        "dashboards.LabelRules",
        "home.GroupementHomePage",
        "home.GroupementIndexPage",
        "home.HomePage",
        "regions.Groupement",
        "regions.Mandate",
        "regions.NationalOffice",
        "regions.NetworkPage",
        "regions.Zone",
        "resources.Audience",
        "resources.ContactCategory",
        "resources.ContactListingPage",
        "resources.ContactPage",
        "resources.ContactPage_audiences",
        "resources.ContactPage_themes",
        "resources.ContactPhone",
        "resources.EventCalendarPage",
        "resources.EventChange",
        "resources.EventDocument",
        "resources.EventOccurrence",
        "resources.EventPage",
        "resources.EventPage_audiences",
        "resources.EventPage_themes",
        "resources.EventPublication",
        "resources.FrameChange",
        "resources.GuideChapterPage",
        "resources.GuideIndexPage",
        "resources.GuidePage",
        "resources.GuidePage_audiences",
        "resources.GuidePage_themes",
        "resources.LibraryPage",
        "resources.LocalNote",
        "resources.NewsIndexPage",
        "resources.NewsPage",
        "resources.OpeningSlot",
        "resources.PartnerBranchPage",
        "resources.PartnerIndexPage",
        "resources.PartnerPage",
        "resources.PartnerPage_audiences",
        "resources.PartnerPage_themes",
        "resources.ResourcePage",
        "resources.ResourcePage_audiences",
        "resources.ResourcePage_themes",
        "resources.StandardPage",
        "resources.Theme",
        "wagtailcore.Collection",
        "wagtailcore.CollectionViewRestriction",
        "wagtailcore.Locale",
        "wagtailcore.Page",
        "wagtailcore.PageViewRestriction",
        "wagtailcore.Site",
        "wagtailredirects.Redirect",
    }
)

_IMPORTS = "what an import has read: it shows as pages, once it made them"
_SEARCH = "the page of results is never kept"
_PEOPLE = "accounts and rights: no page names them, and answers to whoever is signed in are never kept"
_EDITORS = "the editing screens only"
_FORMS = "what visitors send: the pages of forms are never kept"
_MADE = "made from what is shown, while it is shown: nothing changes by it"
_UNUSED = "a model of Wagtail's that ours replaces, or that nothing uses"
_SYSTEM = "the workings of the installation"

# Rows that no kept page shows, each with the reason: writing them costs visitors nothing.
MARA_NEVER_SHOWN = {
    "account.EmailAddress": _PEOPLE,
    "account.EmailConfirmation": _PEOPLE,
    "auth.Group": _PEOPLE,
    "auth.Group_permissions": _PEOPLE,
    "auth.Permission": _PEOPLE,
    "contenttypes.ContentType": _SYSTEM,
    "core.MadeFile": _MADE,
    "core.NationalTag": _EDITORS,
    "core.PublicChange": _SYSTEM,
    "core.PublicGeneration": _SYSTEM,
    "core.Rendition": _MADE,
    "core.TaggedDocument": _EDITORS,
    "core.TaggedImage": _EDITORS,
    "dashboards.LabelEvent": _EDITORS,
    "demo.LoadedContent": _SYSTEM,
    "django_tasks_database.DBTaskResult": _SYSTEM,
    "exchanges.CallbackRequest": _FORMS,
    "exchanges.CheckItem": _FORMS,
    "exchanges.CheckLink": _FORMS,
    "exchanges.CheckRound": _FORMS,
    "exchanges.Correction": _EDITORS,
    "exchanges.Registration": _FORMS,
    "hosting.Pulse": _SYSTEM,
    "mailer.DontSendEntry": _SYSTEM,
    "mailer.Message": _SYSTEM,
    "mailer.MessageLog": _SYSTEM,
    "mfa.Authenticator": _PEOPLE,
    "regions.Invitation": _PEOPLE,
    "regions.RoleGroup": _PEOPLE,
    "resources.ContactColumns": _IMPORTS,
    "resources.ContactImport": _IMPORTS,
    "resources.ContactImportRow": _IMPORTS,
    "resources.EventImport": _IMPORTS,
    "resources.EventImportRow": _IMPORTS,
    "resources.EventSource": _IMPORTS,
    "resources.FrameLook": _EDITORS,
    "resources.ImportedEvent": _IMPORTS,
    "resources.IndexEntry": _SEARCH,
    "resources.IndexPending": _SEARCH,
    "resources.IndexState": _SEARCH,
    "resources.Synonym": _SEARCH,
    "resources.TeamCalendarKey": _PEOPLE,
    "sample_records.SampleRecord": _EDITORS,
    "search.QueryCount": _SEARCH,
    "sessions.Session": _PEOPLE,
    "taggit.Tag": _EDITORS,
    "taggit.TaggedItem": _EDITORS,
    "users.DeviceReset": _PEOPLE,
    "users.User": _PEOPLE,
    "users.User_groups": _PEOPLE,
    "users.User_user_permissions": _PEOPLE,
    "usersessions.UserSession": _PEOPLE,
    "wagtail_localize.LocaleSynchronization": _EDITORS,
    "wagtail_localize.OverridableSegment": _EDITORS,
    "wagtail_localize.RelatedObjectSegment": _EDITORS,
    "wagtail_localize.SegmentOverride": _EDITORS,
    "wagtail_localize.String": _EDITORS,
    "wagtail_localize.StringSegment": _EDITORS,
    "wagtail_localize.StringTranslation": _EDITORS,
    "wagtail_localize.Template": _EDITORS,
    "wagtail_localize.TemplateSegment": _EDITORS,
    "wagtail_localize.TranslatableObject": _EDITORS,
    "wagtail_localize.Translation": _EDITORS,
    "wagtail_localize.TranslationContext": _EDITORS,
    "wagtail_localize.TranslationLog": _EDITORS,
    "wagtail_localize.TranslationSource": _EDITORS,
    "wagtailadmin.Admin": _UNUSED,
    "wagtailadmin.EditingSession": _EDITORS,
    "wagtailadmin.FormState": _EDITORS,
    "wagtailcore.APIToken": _UNUSED,
    "wagtailcore.CollectionViewRestriction_groups": _PEOPLE,
    "wagtailcore.Comment": _EDITORS,
    "wagtailcore.CommentReply": _EDITORS,
    "wagtailcore.GroupApprovalTask": _EDITORS,
    "wagtailcore.GroupApprovalTask_groups": _EDITORS,
    "wagtailcore.GroupCollectionPermission": _PEOPLE,
    "wagtailcore.GroupPagePermission": _PEOPLE,
    "wagtailcore.GroupSitePermission": _PEOPLE,
    "wagtailcore.ModelLogEntry": _EDITORS,
    "wagtailcore.PageLogEntry": _EDITORS,
    "wagtailcore.PageSubscription": _EDITORS,
    "wagtailcore.PageViewRestriction_groups": _PEOPLE,
    "wagtailcore.ReferenceIndex": _SYSTEM,
    "wagtailcore.Revision": "drafts: what is published of them is the page's own row",
    "wagtailcore.Task": _EDITORS,
    "wagtailcore.TaskState": _EDITORS,
    "wagtailcore.UploadedFile": _EDITORS,
    "wagtailcore.Workflow": _EDITORS,
    "wagtailcore.WorkflowContentType": _EDITORS,
    "wagtailcore.WorkflowPage": _EDITORS,
    "wagtailcore.WorkflowState": _EDITORS,
    "wagtailcore.WorkflowTask": _EDITORS,
    "wagtaildocs.Document": _UNUSED,
    "wagtailembeds.Embed": _MADE,
    "wagtailimages.Image": _UNUSED,
    "wagtailimages.Rendition": _UNUSED,
    "wagtailsearch.IndexEntry": _SEARCH,
    "wagtailsearchpromotions.Query": _SEARCH,
    "wagtailsearchpromotions.QueryDailyHits": _SEARCH,
    "wagtailsearchpromotions.SearchPromotion": _SEARCH,
    "wagtailusers.UserProfile": _PEOPLE,
}

# Columns of shown rows that visitors never see: a draft that is saved as one types has no page made again.
MARA_UNSEEN_COLUMNS = {
    "wagtailcore.Page": (
        "draft_title",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision_created_at",
        "latest_revision_id",
        "locked",
        "locked_at",
        "locked_by_id",
        "owner_id",
    ),
    "core.Image": ("uploaded_by_user_id",),
    "core.Document": ("uploaded_by_user_id",),
}

# Columns of shown rows that take something away from visitors when they were filled and change, or when their row is
# deleted: a page kept before is not given any more while the database is away (core/page_cache/withdrawals.py, which
# adds those that say how to reach somebody). None named: any row that is written does.
MARA_WITHDRAWING = {
    "core.Document": ("file", "collection_id"),
    "core.Image": ("file", "collection_id"),
    "wagtailcore.Collection": ("path",),
    "wagtailcore.CollectionViewRestriction": (),
    "wagtailcore.Page": ("live", "path"),
    "wagtailcore.PageViewRestriction": (),
    "wagtailcore.Site": ("hostname", "root_page_id"),
}
