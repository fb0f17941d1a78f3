"""Pictures of the law for the docs: the lifecycle as Mermaid, the permissions and visibilities as Markdown. Tests fail when stale."""

from states.acts import ACTS
from states.case import CaseState
from states.moves import MOVES
from states.permissions import MATRIX
from states.roles import SIGNED_IN, Role
from states.visibility import SAID, VISIBILITY, Part

ORDER = [role for role in Role if role in SIGNED_IN]


def lifecycle() -> str:
    """Return the states and moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {CaseState.DRAFT}"]
    lines += [f"    {state} : {state.label}" for state in CaseState]
    for move in MOVES:
        who = ", ".join(role.label for role in Role if role in move.by)
        second = ", ".join(role.label for role in Role if role in move.confirmed_by)
        people = f"{who} đề xuất, {second} xác nhận" if second else who
        lines.append(f"    {move.source} --> {move.target} : {move.label} ({people})")
    return "\n".join(lines) + "\n"


def _cell(action: str, role: Role) -> str:
    states = MATRIX[action].get(role)
    if states is None:
        return ""
    return "✓" if len(states) == len(CaseState) else ", ".join(str(state.order + 1) for state in sorted(states, key=lambda s: s.order))


def permission_page() -> str:
    """Return the permission matrix and the visibilities as Markdown."""
    labels = {move.trigger: move.label for move in MOVES} | {act.name: act.label for act in ACTS}
    lines = [
        "# Ai được làm gì, ai thấy gì",
        "",
        "Trang này được sinh từ bảng luật trong `states/`; số trong ô là trạng thái của hồ sơ:",
        "",
    ]
    lines += [f"{state.order + 1}. {state.label} (`{state}`)" for state in CaseState]
    lines += ["", "| Việc | " + " | ".join(role.label for role in ORDER) + " |", "|" + " --- |" * (len(ORDER) + 1)]
    lines += [f"| {labels[action]} (`{action}`) | " + " | ".join(_cell(action, role) for role in ORDER) + " |" for action in MATRIX]
    lines += ["", "## Ai thấy phần nào, khi nào", "", "| Phần | " + " | ".join(role.label for role in [*ORDER, Role.PUBLIC]) + " |"]
    lines.append("|" + " --- |" * (len(ORDER) + 2))
    for part in Part:
        rules = [VISIBILITY.get(role, {}).get(part) for role in [*ORDER, Role.PUBLIC]]
        lines.append(f"| `{part}` | " + " | ".join(SAID[rule] if rule else "" for rule in rules) + " |")
    return "\n".join(lines) + "\n"
