"""What the decision leaves open: each policy with its default, its choices and its legal reference; fixed once an assessment opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from states.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """One setting of an assessment. `choices` empty means a number from `least` to `most`."""

    name: str
    label: str
    default: str | int | bool
    hint: str
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0


YES_NO = (("yes", N_("Có")), ("no", N_("Không")))

POLICIES: tuple[Policy, ...] = (
    Policy(
        "ask_everyone", N_("Mọi đơn vị đều được giải trình"), "yes",
        N_("Khoản 3 Điều 5: các đơn vị bổ sung giải trình trên cơ sở kết quả vòng 1."), YES_NO,
    ),
    Policy(
        "explanation_working_days", N_("Số ngày làm việc để giải trình"), 5,
        N_("Quyết định không quy định; ngày thứ nhất là ngày làm việc kế tiếp."), least=1, most=60,
    ),
    Policy(
        "round2_may_lower", N_("Vòng 2 được thấp hơn vòng 1"), "no",
        N_("Quyết định không quy định; mặc định là không."), YES_NO,
    ),
    Policy(
        "upload_grace_minutes", N_("Số phút chờ tệp đang tải dở khi hết hạn"), 10,
        N_("Chỉ cho tệp đã bắt đầu tải trước giờ khóa."), least=0, most=60,
    ),
    Policy(
        "rank_on", N_("Xếp hạng theo"), "percent",
        N_("Tỷ lệ điểm đạt trên điểm tối đa áp dụng của đơn vị; đơn vị bằng nhau thì đồng hạng."),
        (("percent", N_("Tỷ lệ phần trăm")), ("points", N_("Tổng điểm"))),
    ),
    Policy(
        "round2_seen", N_("Đơn vị thấy kết quả vòng 2"), "published",
        N_("Mặc định: sau khi công bố, để không đơn vị nào biết trước."),
        (("published", N_("Sau khi công bố")), ("final", N_("Sau khi chốt"))),
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Policy] = {policy.name: policy for policy in POLICIES}


def policy_value(policies: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  (yes/no, number or word)
    """Return the value set for an assessment, or the default; yes/no comes back as a bool."""
    value = policies.get(name, {}).get("value", BY_NAME[name].default)
    return value == "yes" if BY_NAME[name].choices is YES_NO else value
