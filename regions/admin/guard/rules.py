"""The rule of each address that Wagtail, wagtail-localize and this project give to the administration.

Exact names, so that an upgrade that adds an address leaves it closed. ``tests/isolation`` walks the
resolver and fails on a name that is not here.
"""

from __future__ import annotations

from regions.admin.guard import checks, requests
from regions.admin.guard.registry import ALLOW, DENY, NATION, Rule, register

_TYPE = frozenset({"content_type_app_name", "content_type_model_name", "app_label", "model_name"})


def _names(prefix: str, names: str, rule: Rule) -> dict[str, Rule]:
    return {f"{prefix}{name}": rule for name in names.split()}


page = Rule(ids={"page_id": checks.own_page})
under = Rule(ids={"parent_page_id": checks.own_page}, free=_TYPE)
moved = {"page_to_move_id": checks.own_page, "destination_id": checks.own_page}
revision = Rule(
    ids={
        "page_id": checks.own_page,
        "pk": checks.own_page,
        "revision_id": checks.revision_of_page,
        "revision_id_a": checks.revision_of_page,
        "revision_id_b": checks.revision_of_page,
        "workflow_state_id": checks.workflow_state_of_page,
    }
)
# A stand-in reviews pages that they do not hold.
reviewed = Rule(ids={"page_id": checks.reviewed_page})
workflow = Rule(
    ids={
        "page_id": checks.reviewed_page,
        "task_state_id": checks.task_state_of_page,
        "task_id": checks.own_task,
    },
    free=frozenset({"action_name"}),
)

# --- The person themself, and what names nobody -------------------------------------------------
register(
    _names("wagtailadmin_", "home account logout dismissibles sprite javascript_catalog block_preview", ALLOW)
    | _names("wagtailadmin_choose_page_", "external_link email_link phone_link anchor_link", ALLOW)
    | _names("wagtailembeds:", "chooser chooser_upload", ALLOW)
    | {
        "wagtail_localize:javascript_catalog": ALLOW,
        "wagtailadmin_editing_sessions:ping": Rule(
            ids={"session_id": checks.own_session},
            free=frozenset({"app_label", "model_name", "object_id"}),
            request=requests.edited_object,
        ),
        "wagtailadmin_editing_sessions:release": Rule(ids={"session_id": checks.own_session}),
        "groupement_coordinates": Rule(ids={"pk": checks.own_groupement}),
    }
    # Teams, hand-over and lost devices decide themselves, and answer 404 to whoever they are not for.
    | _names("", "team_index team_nation network_state ending_mandates device_resets kept_mail site_tasks", ALLOW)
    | _names(
        "", "team team_role team_end team_withdraw handover device_reset_answer", Rule(free=frozenset({"kind", "pk"}))
    )
)

# --- Pages --------------------------------------------------------------------------------------
register(
    {
        "wagtailadmin_explore": Rule(ids={"parent_page_id": checks.page_on_the_way}),
        "wagtailadmin_explore_results": Rule(ids={"parent_page_id": checks.page_on_the_way}),
        "wagtailadmin_explore_root": ALLOW,
    }
    | _names("wagtailadmin_pages:", "search search_results", ALLOW)
    | _names("wagtailadmin_pages:", "type_use type_use_results choose_parent", Rule(free=_TYPE))
    | _names("wagtailadmin_pages:", "add preview_on_add add_subpage", under)
    | _names(
        "wagtailadmin_pages:",
        "usage delete unpublish convert_alias set_privacy lock unlock"
        " history history_results workflow_history confirm_workflow_cancellation revisions_index",
        page,
    )
    | _names("wagtailadmin_pages:", "edit preview_on_edit view_draft", reviewed)
    | _names("wagtailadmin_pages:", "copy", Rule(ids={"page_id": checks.own_page}, request=requests.destinations))
    | _names("wagtailadmin_pages:", "move move_confirm", Rule(ids=moved, request=requests.destinations))
    | _names("wagtailadmin_pages:", "set_page_position", Rule(ids=moved))
    | _names(
        "wagtailadmin_pages:",
        "revisions_view revisions_revert revisions_unschedule revisions_compare workflow_history_detail",
        revision,
    )
    | _names("wagtailadmin_pages:", "workflow_action collect_workflow_action_data workflow_preview", workflow)
    | {"wagtail_bulk_action": Rule(free=_TYPE | {"action"}, request=requests.bulk)}
    | {
        "wagtailadmin_choose_page": ALLOW,
        "wagtailadmin_choose_page_search": ALLOW,
        "wagtailadmin_choose_page_child": Rule(ids={"parent_page_id": checks.browsable_page}),
        "wagtailadmin_choose_page_chosen_multiple": Rule(request=requests.each_id(checks.linkable_page)),
    }
)

# --- The API of the editing screens -------------------------------------------------------------
register(
    {
        "wagtailadmin_api:pages:listing": ALLOW,
        "wagtailadmin_api:pages:find": ALLOW,
        "wagtailadmin_api:pages:detail": Rule(ids={"pk": checks.page_on_the_way}),
        "wagtailadmin_api:pages:action": Rule(
            ids={"pk": checks.own_page}, free=frozenset({"action_name"}), request=requests.json_destination
        ),
        "wagtailadmin_api:images:detail": Rule(ids={"pk": checks.used_image}),
        "wagtailadmin_api:documents:detail": Rule(ids={"pk": checks.used_document}),
    }
    | _names("wagtailadmin_api:images:", "listing find", ALLOW)
    | _names("wagtailadmin_api:documents:", "listing find", ALLOW)
)

# --- Images and documents -----------------------------------------------------------------------
register(
    _names("wagtailimages:", "index index_results add add_multiple", ALLOW)
    | _names("wagtaildocs:", "index index_results add add_multiple", ALLOW)
    | _names(
        "wagtailimages:",
        "edit delete url_generator url_generator_output preview image_usage edit_multiple delete_multiple",
        Rule(ids={"image_id": checks.kept_image}, free=frozenset({"filter_spec"})),
    )
    | _names(
        "wagtaildocs:",
        "edit delete document_usage edit_multiple delete_multiple",
        Rule(ids={"document_id": checks.kept_document, "doc_id": checks.kept_document}),
    )
    | _names(
        "wagtailimages:",
        "create_multiple_from_uploaded_image delete_upload_multiple",
        Rule(ids={"uploaded_file_id": checks.own_upload}),
    )
    | _names(
        "wagtaildocs:",
        "create_multiple_from_uploaded_document delete_upload_multiple",
        Rule(ids={"uploaded_file_id": checks.own_upload}),
    )
    | _names("wagtailimages_chooser:", "choose choose_results create", ALLOW)
    | _names("wagtaildocs_chooser:", "choose choose_results create", ALLOW)
    | _names(
        "wagtailimages_chooser:",
        "chosen select_format",
        Rule(ids=dict.fromkeys(("pk", "image_id"), checks.used_image)),
    )
    | {
        "wagtailimages_chooser:chosen_multiple": Rule(request=requests.each_id(checks.used_image)),
        "wagtaildocs_chooser:chosen": Rule(ids={"pk": checks.used_document}),
        "wagtaildocs_chooser:chosen_multiple": Rule(request=requests.each_id(checks.used_document)),
        "wagtailadmin_tag_autocomplete": DENY,
        "wagtailadmin_tag_model_autocomplete": Rule(
            free=frozenset({"app_name", "model_name"}), request=requests.national_tags
        ),
    }
)

# --- Translations -------------------------------------------------------------------------------
register(
    _names("wagtail_localize:", "submit_page_translation convert_to_alias", page)
    | {
        "wagtail_localize:update_translations": Rule(ids={"translation_source_id": checks.own_source}),
        "translation_file": Rule(ids={"translation_id": checks.own_translation}),
    }
    | _names(
        "wagtail_localize:",
        "edit_string_translation edit_override download_pofile upload_pofile machine_translate"
        " preview_translation stop_translation",
        Rule(
            ids={
                "translation_id": checks.own_translation,
                "string_segment_id": checks.segment("StringSegment"),
                "overridable_segment_id": checks.segment("OverridableSegment"),
            },
            free=frozenset({"mode"}),
        ),
    )
    # They list every text of the network, whoever asks.
    | _names(
        "wagtail_localize:",
        "translations_report translations_report_results submit_snippet_translation"
        " snippets_api_listing snippets_api_detail",
        DENY,
    )
)

# --- National lists, and the installation itself ------------------------------------------------
_VIEWSET = "index index_results add edit delete history history_results usage"
for _viewset in ("theme", "audience", "contactcategory", "nationaltag"):
    register(_names(f"{_viewset}:", _VIEWSET, NATION))
for _viewset in ("groupement", "zone", "mandate", "wagtailusers_groups"):
    register(_names(f"{_viewset}:", _VIEWSET, DENY))
for _viewset in ("wagtaillocales", "wagtailsites", "wagtailusers_users"):
    register(_names(f"{_viewset}:", f"{_VIEWSET} copy", DENY))
register(
    _names("wagtailadmin_", "error_test login", DENY)
    | _names("wagtailadmin_password_reset", "_done _confirm _complete", DENY)
    | {"wagtailadmin_password_reset": DENY, "wagtailsnippets:index": DENY}
    | _names("wagtailadmin_collections:", "index add edit delete set_privacy", DENY)
    | _names(
        "wagtailadmin_workflows:",
        "index index_results add enable disable edit usage usage_results remove add_task select_task_type"
        " task_index task_index_results edit_task disable_task enable_task task_chooser task_chooser_results"
        " task_chooser_create task_chosen",
        DENY,
    )
    | {
        f"wagtailadmin_reports:{name}{results}": DENY
        for name in ("locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage")
        for results in ("", "_results")
    }
    | _names("wagtailsettings:", "edit preview_on_edit", DENY)
    | _names("wagtailredirects:", "index index_results add edit delete start_import process_import", DENY)
)
