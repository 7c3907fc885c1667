"""What simulated citizens say."""

import uuid
from datetime import datetime, timedelta
from random import Random

from haochaping.intake.submission import Submission
from haochaping.policy.profile import Profile
from haochaping.policy.tags import Tags
from haochaping.ratings.rules import RatingContent
from haochaping.ratings.states import Origin

# Of a thousand ratings; real cities report fewer bad ones, a demo needs some to look at.
_LEVELS = {5: 890, 4: 76, 3: 30, 2: 3, 1: 1}
_CHANNELS = {1: 40, 2: 25, 3: 30, 4: 5}  # pf: PC, mobile, QR code, tablet in the hall
_COMPLAINTS = (
    "排队两个小时，到窗口才说缺一份复印件。",
    "网上写的材料和窗口要的不一样，白跑一趟。",
    "工作人员一直看手机，问三句答一句。",
    "说好五个工作日办结，第八天才接到电话。",
    "打了三次电话都没有人接，希望改进。",
)
_PRAISE = ("很耐心，一次就办好了。", "材料清单清楚，点赞。", "老人家来办事有人引导，谢谢。")


def submission(
    random: Random, occasion_id: uuid.UUID, served: datetime, profile: Profile, tags: Tags
) -> Submission:
    """A rating given between a minute and three days after the service; origin `simulation`, never a citizen's."""
    levels = {level: weight for level, weight in _LEVELS.items() if level in (profile.labels or _LEVELS)}
    level = random.choices(tuple(levels), weights=tuple(levels.values()))[0]
    bad = level in profile.bad_levels
    offered = [tag.code for tag in tags.offered(level)]
    chosen = (
        random.sample(offered, k=min(len(offered), random.choice((1, 1, 2, 3))))
        if bad or random.random() < 0.3
        else []
    )
    text = random.choice(_COMPLAINTS) if bad else (random.choice(_PRAISE) if random.random() < 0.05 else "")
    later = timedelta(minutes=min(random.expovariate(1 / 300) + 1, 3 * 24 * 60))
    return Submission(
        occasion_id=occasion_id,
        content=RatingContent(
            level=level,
            bad=bad,
            tags=tuple(sorted(int(code) for code in chosen)),
            text=text,
            named=random.random() < 0.4,
            submission=random.randbytes(16),
        ),
        profile=profile.label,
        channel=random.choices(tuple(_CHANNELS), weights=tuple(_CHANNELS.values()))[0],
        received_at=served + later,
        origin=Origin.SIMULATION,
    )
