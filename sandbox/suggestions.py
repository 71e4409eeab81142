"""What an app may answer when a menu asks for its options."""

from typing import Any

from sandbox.elements import option, plain_text
from sandbox.schema import Report, array, exactly_one, may, need, record

_OPTIONS = array(option(plain_text(75)), 0, 100)
_GROUPS = array(record({"label": need(plain_text(75)), "options": need(_OPTIONS)}), 0, 100)
_ANSWER = record({"options": may(_OPTIONS), "option_groups": may(_GROUPS)}, exactly_one("options", "option_groups"))


def check_suggestions(answer: Any) -> bool:
    """Tell whether an answer holds options that Slack would show."""
    report = Report()
    _ANSWER(answer, "", report)
    return not report.messages
