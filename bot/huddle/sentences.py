"""What people are told when the rules of the huddle say no: what is wrong, and the next step."""

from bot.catalogue import plain
from bot.errors import JUST_NOW, sentence, told_ago
from rituals import calendar, plans, snooze, team_questions
from rituals.huddle import Changed


@sentence.register
def _(refusal: plans.NoSuchDay) -> str:
    typed = refusal.typed[:40]
    return plain("I don't know the day “{typed}”. Type /plan tomorrow, /plan friday or /plan 3 Dec.", typed=typed)


@sentence.register
def _(refusal: plans.TooFarAhead) -> str:
    day = f"{refusal.day:%a} {refusal.day.day} {refusal.day:%b %Y}"
    return plain("{day} is over or more than two weeks off. Plan for a day before that.", day=day)


@sentence.register
def _(_: plans.NoResults) -> str:
    return plain("Write at least one result for today, one a line.")


@sentence.register
def _(refusal: plans.TooManyResults) -> str:
    return plain(
        "{count} results are more than a day holds. Keep the {most} that matter, or join two in one line.",
        count=refusal.count,
        most=plans.MOST_RESULTS,
    )


@sentence.register
def _(refusal: plans.ResultTooLong) -> str:
    return plain(
        "Line {line} has {length} characters. Shorten it to {most}: the result only, not the way to it.",
        line=refusal.line,
        length=refusal.length,
        most=plans.LONGEST_RESULT,
    )


@sentence.register
def _(_: plans.WhyDropped) -> str:
    return plain("Say in one line why you drop it.")


@sentence.register
def _(_: plans.AlreadyFiled) -> str:
    return plain("Your plan for today is saved already, so nobody asks again. Nothing changed; /plan edits it.")


@sentence.register
def _(refusal: snooze.TooLateToSnooze) -> str:
    closes = f"{refusal.closes.astimezone(calendar.zone(refusal.zone)):%H:%M}"
    words = "Your plan closes at {closes}, which leaves no time to ask again. Write it now, or skip today."
    return plain(words, closes=closes)


@sentence.register
def _(_: snooze.NoMoreReminders) -> str:
    return plain("I asked again already today, and don't a third time. `Write plan` still works; so does /plan.")


@sentence.register
def _(_: plans.SavedMeanwhile) -> str:
    return plain("You saved this plan in another window meanwhile. Nothing changed; /plan shows your text again.")


@sentence.register
def _(_: plans.NothingToAnswer) -> str:
    return plain("This was answered already, or the plan changed. The card shows how it stands now.")


@sentence.register
def _(_: team_questions.AnswerNeeded) -> str:
    return plain("Your team asks everybody for this. A few words are enough.")


@sentence.register
def _(refusal: team_questions.TooManyQuestions) -> str:
    words = "{count} questions are more than a plan bears. Keep the {most} that you will read every day."
    return plain(words, count=refusal.count, most=team_questions.MOST_QUESTIONS)


@sentence.register
def _(refusal: team_questions.QuestionTooLong) -> str:
    words = "Line {line} is too long for a form. Ask it in {most} characters."
    return plain(words, line=refusal.line, most=team_questions.LONGEST_QUESTION)


@sentence.register
def _(refusal: team_questions.AskedTwice) -> str:
    return plain("“{text}” stands here twice. Keep one of the lines.", text=refusal.text)


@sentence.register
def _(refusal: Changed) -> str:
    return plain(
        "{who} changed this {ago}. Here is the current card.", who=refusal.rep.given_name, ago=told_ago(refusal.ago)
    )


@sentence.register
def _(refusal: plans.AnsweredBy) -> str:
    if refusal.ago < JUST_NOW:
        return plain("{who} answered this {ago}. Here is the current card.", who=refusal.by, ago=told_ago(refusal.ago))
    return plain("{who} answered this at {at}. Nothing changed.", who=refusal.by, at=f"{refusal.wall:%H:%M}")
