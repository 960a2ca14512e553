"""One permission enum, one policy module a capability: what decides whether somebody may do something stands in one place each."""

import ast
import re
from pathlib import Path

import jags
from jags.accounts.rules import PERMISSIONS, Permission

PACKAGE = Path(jags.__file__).parent
# Nobody asks these for anything: they are the ground on which the others stand, or jobs and commands alone.
WITHOUT = {"audit", "custody", "notifications", "operations", "settings"}


def capabilities():
    return {folder.parent.name for folder in PACKAGE.glob("*/rules*") if folder.name in {"rules", "rules.py"}}


def test_each_capability_has_one_policy_module_that_builds_on_the_permissions():
    found = {folder.parent.name for folder in PACKAGE.glob("*/policy.py")}
    assert found == capabilities() - WITHOUT
    for name in sorted(found - {"accounts"}):
        tree = ast.parse((PACKAGE / name / "policy.py").read_text())
        imported = {
            (node.module, one.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        }
        asks = {("jags.accounts.policy", "require"), ("jags.requests.policy", "request_for")}
        assert imported & asks, name
        public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
        assert all(re.search("[Rr]aises?|Tell", ast.get_docstring(one) or "") for one in public), name


def test_what_needs_no_policy_asks_for_no_permission():
    for name in WITHOUT:
        for file in (PACKAGE / name).rglob("*.py"):
            assert "Permission." not in file.read_text(), file


def test_every_permission_is_one_of_the_enum_and_is_given_to_somebody():
    given = set().union(*PERMISSIONS.values())
    assert given == set(Permission)
    assert all(
        one.value == f"{one.name.split('_')[0].lower()}:{'_'.join(one.name.split('_')[1:]).lower()}"
        for one in Permission
    )
