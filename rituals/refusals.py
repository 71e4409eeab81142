"""What a rule answers when it says no: an exception that carries data, never a sentence."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The rule says no. `bot.errors` turns each kind into a sentence with a next step."""
