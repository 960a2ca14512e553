"""What was read for themes in the made-up year: two readers, most texts agreed, some to talk about, and one shared draft."""

from jags.accounts.queries import accounts_with_role, actor_of
from jags.accounts.rules import Role
from jags.cli.demo.world import World
from jags.kernel.actor import system
from jags.themes.queries.frame import frame_in_force
from jags.themes.queries.texts import find_next, words_of
from jags.themes.rules import ThemeState
from jags.themes.rules.frame import Wording, in_use
from jags.themes.rules.suggestions import suggested
from jags.themes.service.framing import add_theme, move_theme
from jags.themes.service.reading import read_text, take_in_texts

# So many of the texts that wait are read, in hundredths, and one in so many is seen differently by the second reader.
_READ = 70
_DIFFERS = 4


def add_themes(world: World) -> None:
    """Let the coordinator and an observer read most texts, and the Business Unit ask facilitators about a draft."""
    with world.work(system("demo")) as work:
        texts = take_in_texts(work)
        observer = actor_of(accounts_with_role(work, Role.OBSERVER)[0])
    for place in range(texts * _READ // 100):
        for actor in (world.coordinator, observer):
            with world.work(actor) as work:
                text = find_next(work)
                if text is None:
                    continue
                themes = in_use(frame_in_force(work).themes)
                keys = {one.key for one in suggested(words_of(work, text).text, themes)} or {themes[0].key}
                if actor is observer and place % _DIFFERS == 0:
                    keys ^= {themes[place % len(themes)].key}
                read_text(work, text.id, keys, none_of_them=not keys, version=0)
    with world.work(world.coordinator) as work:
        wording = Wording(
            "Turning 18",
            "Who stays after 18",
            "Which relationships go on when services change.",
            ("who stays",),
        )
        known = add_theme(work, wording, why="Comments name it again and again.", version=0)
        draft = next(one for one in known.themes if one.state is ThemeState.DRAFT)
        move_theme(
            work, draft.key, ThemeState.SHARED, why="What do facilitators think?", version=known.number
        )
