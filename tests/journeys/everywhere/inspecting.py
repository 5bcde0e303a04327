"""What a person reads to judge a screen where no check can: the page without its style sheets, what assistive
technology gets, and what is hidden from either. Kept beside the pictures of the tour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from journeys.everywhere.checks import Fault

HIDDEN = Path(__file__).with_name("hidden.js")
# Drawn by the browser, or read by what they hold.
NAMELESS = ("RootWebArea", "document", "dialog", "main", "alert", "Iframe", "generic", "none")
STATES = ("expanded", "pressed", "checked", "selected", "invalid", "required", "hasPopup", "live", "disabled")
TICKED = ("checkbox", "radio", "switch", "menuitemradio", "menuitemcheckbox")


def inspect(page: Page, folder: Path, name: str) -> list[Fault]:
    """Files about the screen NAME in FOLDER; what its accessibility tree lacks."""
    folder.mkdir(exist_ok=True)
    tree = _tree(page)
    told = page.evaluate(HIDDEN.read_text("utf-8") + "casierHidden.told()")
    told["tree"] = [_line(node) for node in tree]
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    page.evaluate("casierHidden.undress()")
    (folder / f"{name}.txt").write_text(page.evaluate("document.body.innerText"), "utf-8")
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
    page.evaluate("casierHidden.dress()")
    lacking = [line for node in tree for line in _lacks(node)]
    return [Fault("tree", "serious", line) for line in (*lacking, *told["broken"], *told["clicked"])]


def _tree(page: Page) -> list[dict[str, Any]]:
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    # The buttons that a browser draws inside a field of its own are its business.
    dates = {node["nodeId"] for node in nodes if _role(node) in ("Date", "DateTime", "InputTime")}
    ours = [node for node in nodes if not node.get("ignored") and not _below(node, nodes, dates)]
    return [node for node in ours if _focusable_or_told(node)]


def _below(node: dict[str, Any], nodes: list[dict[str, Any]], tops: set[str]) -> bool:
    parents = {one["nodeId"]: one.get("parentId", "") for one in nodes} if tops else {}
    above = node.get("parentId", "")
    while tops and above:
        if above in tops:
            return True
        above = parents.get(above, "")
    return False


def _focusable_or_told(node: dict[str, Any]) -> bool:
    plain = ("StaticText", "InlineTextBox", "none", "generic", "LineBreak", "ListMarker")
    return _role(node) not in plain or bool(_properties(node).get("focusable"))


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"].get("value") for one in node.get("properties", [])}


def _line(node: dict[str, Any]) -> str:
    states = " ".join(f"{name}={value}" for name, value in _properties(node).items() if name in STATES)
    return f"{_role(node)} « {_name(node)[:90]} » {states}".strip()


def _lacks(node: dict[str, Any]) -> list[str]:
    """A name for what takes the keys, a state for what has one."""
    role, states = _role(node), _properties(node)
    found = []
    if states.get("focusable") and _name(node) == "" and role not in NAMELESS:
        found.append(f"no name: {_line(node)}")
    if states.get("hasPopup") == "menu" and "expanded" not in states:
        found.append(f"doesn't say whether it is open: {_line(node)}")
    if role in TICKED and "checked" not in states:
        found.append(f"doesn't say whether it is ticked: {_line(node)}")
    return found
