"""Twelve months of colours as a picture: a letter and a shape in each cell, so that nobody needs the colours (M5).

Made for a phone: a name has a line of its own, twelve cells are as wide as the picture, and no letter is smaller than a
thirtieth of its width. Names are written in DejaVu Sans, which matplotlib brings along, and where it lacks a letter in
whatever font of this machine has it.
"""

import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot import blocks
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.stoplight.collect_views import name_of
from rituals.kpis import Colour
from rituals.kpis_periods import Period
from rituals.stoplight import SHOWN
from rituals.stoplight_history import Months, run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = 20
"""KPIs on one picture: with more, a phone would have to be turned into a telescope."""
PICTURES = 10
"""As many files as one message should bring."""
MOST_NAMED = 12

WIDTH, MARGIN, CELL, ROW, TOP, BOTTOM = 1200, 36, 76, 150, 236, 180
LARGE, TEXT, SMALL = 46, 38, 32
"""Sizes in pixels of a picture that is 1,200 wide; on a phone it is shown at a third of that."""
DPI = 100
TONES = 64
STEP = (WIDTH - 2 * MARGIN) / SHOWN

DEJAVU = "DejaVu Sans"
INK, QUIET, LINE = "#1d1c1d", "#5c5a5e", "#c9c7cb"


@dataclass(frozen=True, slots=True)
class Look:
    """How a colour is drawn: fill, ink, letter, matplotlib's name of the shape, its size, and its word."""

    fill: str
    ink: str
    letter: str
    shape: str
    size: int
    word: str


# Vermilion, yellow and bluish green of Okabe and Ito: told apart with any kind of colour blindness, and of three
# lightnesses, so that they are told apart without colours too.
LOOKS: Mapping[Colour, Look] = {
    Colour.RED: Look("#b8330f", "white", "R", "s", CELL, "red"),
    Colour.YELLOW: Look("#f0e442", INK, "Y", "o", CELL, "yellow"),
    Colour.SLIPPING: Look("white", INK, "S", "v", CELL + 8, "slipping"),
    Colour.GREEN: Look("#3fb98c", INK, "G", "D", CELL - 20, "green"),
    Colour.GREY: Look("white", QUIET, "?", "s", CELL - 12, "not filed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI: label, name, whose it is, where it stands in words, and its months."""

    label: str
    name: str
    function: str
    stands: str
    months: Months


@dataclass(frozen=True, slots=True)
class Picture:
    """The KPIs of a leader's month, worst first."""

    month: Period
    rows: Sequence[Row]

    @property
    def pages(self) -> list[Sequence[Row]]:
        """The rows of each picture, as even as can be."""
        shown = self.rows[: ROWS * PICTURES]
        number = -(-len(shown) // ROWS) or 1
        size, longer = divmod(len(shown), number)
        starts = [n * size + min(n, longer) for n in range(number + 1)]
        return [shown[first:end] for first, end in pairwise(starts)]


def title(picture: Picture) -> str:
    """What stands above the picture."""
    return plain("Twelve months of colours, up to {month}", month=picture.month.label)


def stands(colour: Colour, far: str) -> str:
    """Where a KPI stands, in a word and a distance: "RED −25%"."""
    return f"{LOOKS[colour].word.upper()} {far}".strip()


def told(picture: Picture) -> Mrkdwn:
    """The same in words, for whoever can't see the picture."""
    now = [row.months[-1] for row in picture.rows]
    counts = join(
        [plain("{n} {word}", n=now.count(one), word=look.word) for one, look in LOOKS.items() if one in now], ", "
    )
    head = say("*{title}.* Now {counts}.", title=title(picture), counts=counts)
    lines = [head, *(_named(picture, one) for one in (Colour.RED, Colour.YELLOW) if one in now)]
    left = len(picture.rows) - ROWS * PICTURES
    if left > 0:
        lines.append(say("The {n} best are not drawn; the whole report has them.", n=left))
    return join(lines, "\n")


def _named(picture: Picture, colour: Colour) -> Mrkdwn:
    some = [row for row in picture.rows if row.months[-1] is colour]
    names = [
        say("{label} {name}{since}", label=row.label, name=blocks.cut(row.name, 60), since=_since(row.months))
        for row in some[:MOST_NAMED]
    ]
    more = [say("and {n} more", n=len(some) - MOST_NAMED)] if len(some) > MOST_NAMED else []
    return say("{word}: {names}.", word=LOOKS[colour].word.capitalize(), names=join([*names, *more], ", "))


def _since(months: Months) -> str:
    months_in_a_row = run(months)
    return plain(" ({months} in a row)", months=count(months_in_a_row, "month")) if months_in_a_row > 1 else ""


def draw(picture: Picture) -> list[bytes]:
    """The pictures as PNG, one a page."""
    pages = picture.pages
    return [_page(picture, rows, f"{n} / {len(pages)}" if len(pages) > 1 else "") for n, rows in enumerate(pages, 1)]


def _page(picture: Picture, rows: Sequence[Row], which: str) -> bytes:
    # Here and not above: it takes a second and 70 MB that a process which draws nothing should not pay.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    names = {row.name: legible(row.name) for row in rows} | {row.function: legible(row.function) for row in rows}
    missing = None in names.values()
    height = TOP + ROW * len(rows) + BOTTOM + (SMALL + 20 if missing else 0)
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.axis("off")
    used = {_family_of(char) for name in names.values() for char in name or "" if not char.isspace()}
    families = [DEJAVU, *sorted(filter(None, used - {DEJAVU}))]
    _head(axes, picture.month, which)
    for n, row in enumerate(rows):
        _row(axes, row, TOP + ROW * n, names, families)
    _cells(axes, rows)
    notes = [plain("An empty cell: before the first value.")] if any(None in row.months for row in rows) else []
    if missing:
        notes.append(plain("This machine has no font for some names: they stand by number."))
    _legend(axes, TOP + ROW * len(rows), notes)
    canvas.draw()  # type: ignore[no-untyped-call] # matplotlib's own; so is the next
    return _png(bytes(canvas.buffer_rgba()), (WIDTH, height))  # type: ignore[no-untyped-call]


def _png(pixels: bytes, size: tuple[int, int]) -> bytes:
    """A PNG with a palette: a third of the bytes, in half of the time."""
    from PIL import Image  # noqa: PLC0415 - as above

    out = io.BytesIO()
    whole = Image.frombuffer("RGBA", size, pixels).convert("RGB")
    whole.quantize(TONES, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "png")
    return out.getvalue()


def _write(axes: "Axes", x: float, y: float, words: str, size: int, **more: Any) -> Any:
    """Words in a size of pixels; `$` is a dollar here."""
    style: dict[str, Any] = {"color": INK, "va": "center", "family": DEJAVU, "parse_math": False} | more
    return axes.text(x, y, words, fontsize=size * 72 / DPI, **style)


def _head(axes: "Axes", month: Period, which: str) -> None:
    _write(axes, MARGIN, 60, plain("Twelve months to {month}", month=month.label), LARGE, weight="bold")
    _write(axes, WIDTH - MARGIN, 60, which, TEXT, color=QUIET, ha="right")
    _write(axes, MARGIN, 118, plain("Worst first. The newest month is on the right."), SMALL, color=QUIET)
    for n in range(SHOWN):
        shown = month.shifted(n + 1 - SHOWN)
        heavy = "bold" if n == SHOWN - 1 else "normal"
        x = MARGIN + STEP * (n + 0.5)
        _write(axes, x, 178, name_of(shown)[:3], SMALL, ha="center", weight=heavy)
        if n == 0 or shown.first.month == 1:
            _write(axes, x, 214, str(shown.first.year), SMALL, ha="center", color=QUIET)


def _row(axes: "Axes", row: Row, top: float, names: Mapping[str, str | None], families: Sequence[str]) -> None:
    axes.plot([MARGIN, WIDTH - MARGIN], [top, top], color=LINE, linewidth=1.5)
    y = top + 34
    stands = _write(axes, WIDTH - MARGIN, y, row.stands, TEXT, ha="right", weight="bold")
    label = _write(axes, MARGIN, y, row.label, TEXT, color=QUIET)
    left, right = label.get_window_extent().x1 + 16, stands.get_window_extent().x0 - 24
    name, function = names[row.name], names[row.function]
    if name is None:
        name = plain("(named in the report)")
    # The mark keeps name and function in this order when the name reads from right to left.
    words = f"\u200e{name}" + (f" · {function}" if function else "")
    _fitted(axes, left, y, right - left, words, families)


def _fitted(axes: "Axes", x: float, y: float, room: float, words: str, families: Sequence[str]) -> None:
    """Words cut so that they end within their room."""
    text = _write(axes, x, y, words, TEXT, family=list(families))
    while (wide := text.get_window_extent().width) > room and len(words) > 1:
        words = blocks.cut(words, max(1, min(len(words) - 1, int(len(words) * room / wide))))
        text.set_text(words)


def _cells(axes: "Axes", rows: Sequence[Row]) -> None:
    for colour, look in LOOKS.items():
        at = [
            (MARGIN + STEP * (month + 0.5), TOP + ROW * n + 102)
            for n, row in enumerate(rows)
            for month, one in enumerate(row.months)
            if one is colour
        ]
        _shapes(axes, at, look)


def _shapes(axes: "Axes", at: Sequence[tuple[float, float]], look: Look) -> None:
    """One colour's shapes with their letters, at these places."""
    if not at:
        return
    edge = INK if look.fill == "white" else look.fill
    size = (look.size * 72 / DPI) ** 2
    line = "--" if look.letter == "?" else "-"
    xs, ys = zip(*at, strict=True)
    axes.scatter(xs, ys, s=size, marker=look.shape, c=look.fill, edgecolors=edge, linewidths=2, linestyle=line)
    lift = -8 if look.shape == "v" else 0
    for x, y in at:
        _write(axes, x, y + lift, look.letter, TEXT, ha="center", weight="bold", color=look.ink)


def _legend(axes: "Axes", top: float, notes: Sequence[str]) -> None:
    axes.plot([MARGIN, WIDTH - MARGIN], [top, top], color=LINE, linewidth=1.5)
    x: float = MARGIN
    for look in LOOKS.values():
        _shapes(axes, [(x + CELL / 2, top + 62)], look)
        word = _write(axes, x + CELL + 10, top + 62, look.word, SMALL)
        x = word.get_window_extent().x1 + 30
    for n, note in enumerate(notes):
        _write(axes, MARGIN, top + 140 + n * (SMALL + 18), note, SMALL, color=QUIET)


# Letters that there is a font for


def legible(name: str) -> str | None:
    """A name as it can be written here: without emoji that no font draws; None when letters would be missing."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", name):
        joins = unicodedata.category(char) == "Cf"
        if char in _VARIANTS or (joins and not "".join(kept[-1:]).isalpha()):
            continue
        if char.isspace() or _family_of(char) is not None:
            kept.append(char)
        elif unicodedata.category(char)[0] in "LMN":
            return None
    return " ".join("".join(kept).split()) or None


_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They ask for a letter's look, an emoji's mostly."""


@cache
def _family_of(char: str) -> str | None:
    """The font that has a character; other symbols than letters and digits only if DejaVu Sans has them."""
    from matplotlib import font_manager  # noqa: PLC0415 - as above

    def has(path: str) -> bool:
        return bool(font_manager.get_font(path).get_char_index(ord(char)))

    if has(font_manager.findfont(DEJAVU)):
        return DEJAVU
    if unicodedata.category(char)[0] not in "LMN":
        return None
    upright = (font for font in font_manager.fontManager.ttflist if font.style == "normal")
    # The last resort draws a box for everything.
    return next((font.name for font in upright if not font.name.startswith("Last Resort") and has(font.fname)), None)
