"""How a demo, and a simulated city, are known as such: acts in the audit trail; and where the demo's registry lies."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "cities" / "kunming"

BEGUN: Final = "demo.begun"
LOADED: Final = "demo.loaded"
CITY_BEGUN: Final = "simulation.begun"
CITY_DONE: Final = "simulation.done"
CITY_REMOVED: Final = "simulation.removed"
CITY: Final = "simulation"
