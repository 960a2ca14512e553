"""Change the code frame: each change publishes another version, with its reason; and take remarks on drafts."""

from collections.abc import Collection, Sequence

from sqlalchemy.exc import IntegrityError

from jags.kernel.errors import Invalid, NotFound, Stale
from jags.kernel.work import Work
from jags.themes.model import FrameVersion, ThemeRemark
from jags.themes.policy import require_frame, who_remarks
from jags.themes.queries.frame import FrameInForce, Remark, frame_in_force, shared_drafts
from jags.themes.rules import FrameChange, ThemeState
from jags.themes.rules import frame as rules
from jags.themes.rules.frame import Frame, Wording, frame_to_text, theme_of

REMARK_MOST = 1000
WHY_MOST = 300


def add_theme(work: Work, wording: Wording, *, why: str, version: int) -> FrameInForce:
    """Add a draft theme; `version` is the number of the frame that was shown. Raises `Invalid` at its field, and `Stale`."""
    known = _known(work, version)
    return _publish(work, known, rules.add(known.themes, wording), FrameChange.ADDED, wording.words, why)


def reword_theme(work: Work, key: str, wording: Wording, *, why: str, version: int) -> FrameInForce:
    """Word a theme otherwise where it means the same as before; raises as above."""
    known = _known(work, version)
    changed = rules.reword(known.themes, key, wording)
    return _publish(work, known, changed, FrameChange.REWORDED, wording.words, why)


def move_theme(work: Work, key: str, state: ThemeState, *, why: str, version: int) -> FrameInForce:
    """Share a draft, take a theme into use, or retire it; what was coded with it stays counted. Raises as above."""
    known = _known(work, version)
    changed = rules.move(known.themes, key, state)
    return _publish(work, known, changed, FrameChange.MOVED, _words(known.themes, [key]), why, state=state)


def merge_themes(
    work: Work, keys: Collection[str], wording: Wording, *, why: str, version: int
) -> FrameInForce:
    """Put one theme in place of several; raises as above."""
    known = _known(work, version)
    changed = rules.merge(known.themes, keys, wording)
    about = f"{_words(known.themes, keys)} → {wording.words}"
    return _publish(work, known, changed, FrameChange.MERGED, about, why)


def split_theme(work: Work, key: str, wordings: Sequence[Wording], *, why: str, version: int) -> FrameInForce:
    """Put several themes in place of one; texts coded with it are to be looked at again. Raises as above."""
    known = _known(work, version)
    changed = rules.split(known.themes, key, wordings)
    about = f"{_words(known.themes, [key])} → {', '.join(one.words for one in wordings)}"
    return _publish(work, known, changed, FrameChange.SPLIT, about, why)


def remark_on(work: Work, theme: str, text: str) -> ThemeRemark:
    """Keep what a facilitator says of a draft theme that is shared; raises `Invalid` at its field, and `NotFound`."""
    person_id = who_remarks(work.actor)
    if theme not in {one.key for one in shared_drafts(work)}:
        raise NotFound("There is no such draft theme.")
    if not text:
        raise Invalid("Write what you would like to say about it.", field="text")
    if len(text) > REMARK_MOST:
        raise Invalid(f"Shorten this to {REMARK_MOST} characters or fewer.", field="text")
    row = ThemeRemark(
        key_id=work.vault.system_key_id("theme-remarks"),
        theme=theme,
        person_id=person_id,
        said_on=work.today,
    )
    work.vault.seal(row, "remark", Remark(text))
    work.session.add(row)
    work.record("theme:remarked", theme)
    return row


def _known(work: Work, version: int) -> FrameInForce:
    require_frame(work.actor)
    known = frame_in_force(work)
    if version != known.number:
        raise Stale
    return known


def _publish(
    work: Work,
    known: FrameInForce,
    frame: Frame,
    change: FrameChange,
    about: str,
    why: str,
    *,
    state: ThemeState | None = None,
) -> FrameInForce:
    if not why:
        raise Invalid("Write why, so that whoever reads the history understands it.", field="why")
    if len(why) > WHY_MOST:
        raise Invalid(f"Shorten this to {WHY_MOST} characters or fewer.", field="why")
    work.session.add(
        FrameVersion(
            number=known.number + 1,
            themes=frame_to_text(frame),
            change=change,
            about=about,
            why=why,
            made_at=work.now,
            made_by=work.actor.person_id,
        )
    )
    try:
        work.session.flush()
    except IntegrityError as error:
        # Somebody else published the same number at this moment.
        raise Stale from error
    work.memo.pop("frame", None)
    work.record("code_frame:changed", "code_frame", version=known.number + 1, change=change, state=state)
    return frame_in_force(work)


def _words(frame: Frame, keys: Collection[str]) -> str:
    return ", ".join(theme.wording.words for key in keys if (theme := theme_of(frame, key)))
