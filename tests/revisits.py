"""What the tests of revisits share."""

from datetime import datetime

from haochaping.foundation.clock import CN
from haochaping.oversight.operations.revisits import Attempt

# When the quarter of those tests is over.
LATER = datetime(2027, 1, 1, 1, tzinfo=CN)
REACHED = Attempt("answered", "person", "yes")
