"""The acts on evidence: each one transaction with its audit row. Who may do them is checked by whoever knows the matter."""

from haochaping.evidence.operations.cameras import (
    CameraLine,
    end_camera,
    import_cameras,
    register_camera,
)
from haochaping.evidence.operations.forgetting import forget_about, sweep
from haochaping.evidence.operations.keeping import About, Checked, checked, keep
from haochaping.evidence.operations.looking import Opened, look
from haochaping.evidence.operations.videos import Look, open_clip, state_purpose
from haochaping.evidence.operations.withdrawing import withdraw

__all__ = [
    "About",
    "CameraLine",
    "Checked",
    "Look",
    "Opened",
    "checked",
    "end_camera",
    "forget_about",
    "import_cameras",
    "keep",
    "look",
    "open_clip",
    "register_camera",
    "state_purpose",
    "sweep",
    "withdraw",
]
