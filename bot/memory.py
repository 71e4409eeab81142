"""When Python looks for garbage."""

import gc

NEW_OBJECTS = 50_000
"""How many containers may come to be before the young ones are looked at; Python's own 700 is for small programs."""
YOUNG_LOOKS, OLD_LOOKS = 20, 100


def collect_rarely() -> None:
    """Look for garbage less often, and never again at what stands in memory already: modules, models, statements.

    A full look at those takes tens of milliseconds in which nobody is answered, and finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_LOOKS, OLD_LOOKS)
