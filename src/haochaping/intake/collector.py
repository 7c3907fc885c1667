"""How often Python's collector looks for circles in a process that answers calls all day."""

import gc


def spare_the_collector(objects: int) -> None:
    """What was read at the start stays for ever, and what calls make goes by itself: neither is to be looked at again and
    again. Circles are looked for when so many more objects were made than let go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(objects)
