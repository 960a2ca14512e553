"""Each row of what is promised about security and privacy, and each part of its design, has a test that is called after it."""

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "security"

# Attacks and bad input.
SECURITY = {
    "any route × role × owner": ["any_route_role_owner", "a_conflict_ends_access"],
    "extra or hidden form fields": ["extra_or_hidden_form_fields"],
    "copied cookie": ["copied_cookie"],
    "guessing a password, code or link": ["guessing_a_password_code_or_link"],
    "does this account exist?": ["does_this_account_exist"],
    "Host, X-Forwarded-*": ["host_and_forwarded", "host_and_forwarded_in_mail"],
    "next=": ["next"],
    "script, HTML, template syntax": [
        "script_html_and_template_syntax",
        "script_html_and_template_syntax_in_documents",
    ],
    "formula in a field": ["formula_in_a_field"],
    "CR/LF": ["cr_lf_in_names_subjects_file_names_calendar_values"],
    "cross-site post; GET that changes state": ["cross_site_post_and_get_that_changes_state"],
    "large, malformed, wrong-type upload": ["large_malformed_or_wrong_type_upload"],
    "mail scanners": ["mail_scanners"],
    "secrets in log, URL, error page, Referer": ["secrets_in_log_url_error_page"],
    "stolen database file": ["stolen_database_file"],
    "edited, deleted, reordered or cut audit trail": [
        "edited_deleted_reordered_or_cut_audit_trail",
        "audit_trail_cut_by_its_rule",
        "audit_trail_after_a_restore",
    ],
}
# What is promised to the people whom it is about, and to those who answer.
PRIVACY = {
    "nobody can join an answer to a person": ["nobody_joins_an_answer_to_a_person"],
    "each link or slip gives one answer": [
        "each_link_or_slip_gives_one_answer",
        "never_more_answers_than_people_invited",
        "reminders_do_not_reveal_who_has_answered",
    ],
    "five answers inside, ten outside, in bands": ["feedback_from_five_inside_and_ten_outside"],
    "a hidden count about children": ["hidden_counts_about_children"],
    "free text is reviewed before release": ["free_text_is_reviewed_before_release"],
    "NHS numbers, dates of birth, postcodes": ["nhs_numbers_births_and_postcodes_are_stopped"],
    "retention, erasure and legal hold": ["retention_erasure_and_legal_hold"],
    "anonymity is not a switch": ["anonymity_is_not_a_switch"],
}
# What the design of sign-in, access, records and pages asks besides.
DESIGN = {
    "sign-in and sessions": [
        "passwords",
        "second_factor_for_everyone",
        "second_step_again",
        "sign_in_of_an_organisation",
        "let_in_again",
        "notification_of_changes",
        "leavers",
    ],
    "reads": ["reads_of_case_text", "reads_no_case_text"],
    "bulk export": ["two_people_for_bulk_exports"],
    "rights of people": ["rights_of_people", "documents_of_the_partnership"],
    "web": ["hostile_values_in_every_form", "figures_api_as_described", "bill_of_materials"],
}


def test_each_row_has_its_tests_and_each_test_its_row():
    named = [one for part in (SECURITY, PRIVACY, DESIGN) for tests in part.values() for one in tests]
    assert len(named) == len(set(named))
    # A row whose tests are many has them in files that begin alike.
    there = {path.stem.removeprefix("test_").partition("__")[0] for path in FOLDER.glob("test_*.py")}
    assert (sorted(set(named) - there), sorted(there - set(named))) == ([], [])
    assert (len(SECURITY), len(PRIVACY)) == (16, 8)


def test_each_of_them_says_what_it_shows_and_tests_something():
    for path in FOLDER.glob("test_*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        assert any(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body
        ), path
