"""First names that are usual in the country, and those among them that are ordinary words too."""

import importlib
from functools import cache

from jags.kernel.identifiers.reading import word_set

# The lists are those of Faker, by country: names given in Great Britain and Ireland, and by families that came from
# elsewhere. Lists that mix in surnames or English words (en, en_US, gu_IN and others) are left out.
_COUNTRIES = word_set(
    "en_GB en_IE en_IN en_NZ en_PK ga_IE ha_NG ig_NG lt_LT lv_LV pl_PL pt_PT ro_RO sw tr_TR yo_NG zu_ZA"
)
_LISTS = ("first_names", "first_names_male", "first_names_female")
_SHORTEST = 3
# Names that are as often a word, a month, a place or a surname: they count only beside another sign of a name.
_WORDS = word_set(
    "dev savannah santa roman baba basel may april june august summer autumn winter will mark hope grace joy faith rose ruby pearl amber violet daisy lily poppy ivy"
    " heather holly jasmine iris hazel olive rosemary bill frank dean chase grant rob pat sue art ray gay sandy dusty rusty rich drew guy"
    " dick jack miss star bee kit tip kim al ed si bob rod carol gene dale lance max peg penny robin skip victor harmony melody"
    " patience prudence honesty charity verity destiny trinity angel angels precious prince duke earl major hunter mason"
    " carter cooper taylor tyler parker archer porter turner walker harper piper page paige scout jade crystal gem coral sky skye storm river"
    " dawn eve noel jordan chelsea georgia florence charlotte paris lincoln chester kent preston"
    " bradford warwick york austin london brooklyn"
    " devon cornwall sienna lourdes troy victoria kerry clare derry shannon tyrone stafford stanley clay cliff"
    " heath dell glen lee lane ford forest park hill brook brooke wood woody field mia beau bonny sunny happy merry gay bliss bay"
    " miller smith baker cook don jo sam ben pen don ali"
) - word_set(
    "jo sam ben ali charlotte victoria jasmine georgia jordan chelsea holly lily poppy ruby daisy tyler mia"
)

# Found in the lists, and nearly always something else.
_NEVER = word_set(
    "jan dec made man mad sad said over mac macs danish forum server safari corona sonata loot christmas easter sunday monday norfolk suffolk essex england wales scotland ireland india china"
    " kenya israel berlin vienna milan sydney dallas houston mum dad nan gran nana nanny baby child boy girl king queen princess"
)

# Usual short forms and spellings that the lists lack.
_ALSO = word_set(
    "alfie freddie finley louie reggie ronnie teddy albie tommy bobby jenson kian ellis mckenzie maisie lexi lacey esme gracie darcey tilly"
    " lottie amelie ania kasia ola kuba wiktoria oliwia gosia dominika oluwaseun temi tobi ayo chidi hafsa amina sumaya abdullah dmitri"
    " oksana olena andriy iryna kateryna mykola emilija gabija"
)


# Found in the lists, and an ordinary word where it is written in small letters.
_SMALL_WORDS = word_set(
    "adonis aria bailey bale bali bella beth bobby brad bruce bryony cal canal cat che clement cliff clifford cole conn constance coral cruz dada"
    " dace dan dana eden ebony emin eta flora fletcher florin gabel gale gambo gazel gem gilbert gill giles hale harsh hazine hema heather ibn ion ivory jean"
    " jim josh judge kale kay kelly kite kondo laura like lilly limon lola luck lucky luna lut mare marc marin marina marks maya mecca mel minibe mona more musa nadir nail"
    " nair nas net nova nun oke opal oral pascal pearl pilar raid rana rasa rex robe ross rowan sage sally sara seat seda seth sever sewn shelby simber simper sina siren spencer"
    " georgian gregorian rica ria tai tui ana ari stewart sue sylvester tali talent tama tan tane tap tara taste teddy temple tenses tia tiara tola toy troy una unit valentine vita wade whitney willow yar york zen zion"
)
# Three letters are many things; those of these lists are names.
_SHORT_NAMES_FROM = ("en_GB", "en_IE", "en_NZ")
# Surnames that are ordinary words where they are written in small letters.
_SMALL_SURNAMES = word_set(
    "ball banks barber barker barton begum bell berry birch bird bishop black bond booth bowen bray brown browne bull burgess burns butcher butler carpenter carr cartwright chamberlain"
    " chambers chandler chapman clay coates coles cook cross dale dawson day dean dyer farmer farrell field finch fisher ford foster fowler fox freeman french frost fuller gardener gardiner"
    " gardner gill glover gould grant gray green greenwood hale hall hammond hancock hardy harper hart harvey hill holden holt hope horton howe hunt hunter hurst hyde joyce kay kemp"
    " king kirk knight lamb lane law leach lee lees little long lord lynch marsh marshall mason may mills mistry moss nash newton noble north page parish parker parry parsons payne peacock"
    " pearce pike poole pope porter potter potts power price read reed rice rose rowe savage sharp sharpe shepherd short skinner slater small smart steel steele stone storey summers swift"
    " taylor tucker turner wade walker wall walls ward warner waters watts wells west weston wheeler white whitehead winter wood woods woodward wright yates young"
)


def is_name_in_small_letters(word: str) -> bool:
    """Tell whether a word is hardly anything but a first name, although nobody wrote it with a capital."""
    if word in _SMALL_WORDS or not is_first_name(word):
        return False
    return len(word) > _SHORTEST or any(word in _names_of(country) for country in _SHORT_NAMES_FROM)


def is_surname_in_small_letters(word: str) -> bool:
    """Tell whether a word after a first name is a usual surname and hardly anything else."""
    return word in _names_of("en_GB", ("last_names",)) - _SMALL_SURNAMES


@cache
def _names_of(country: str, kinds: tuple[str, ...] = _LISTS) -> frozenset[str]:
    provider = importlib.import_module(f"faker.providers.person.{country}").Provider
    return frozenset(name.lower() for kind in kinds for name in getattr(provider, kind, ()))


@cache
def first_names() -> frozenset[str]:
    """Return the names, in small letters; they are loaded once, when the first text is looked at."""
    found = set(_ALSO)
    for country in _COUNTRIES:
        found |= _names_of(country)
    return frozenset(name for name in found if len(name) >= _SHORTEST and name.isalpha()) - _NEVER


def is_first_name(word: str) -> bool:
    """Tell whether a word is a usual first name and hardly anything else."""
    small = word.lower()
    return small in first_names() and small not in _WORDS


def may_be_first_name(word: str) -> bool:
    """Tell whether a word is a usual first name, be it an ordinary word too."""
    return word.lower() in first_names() or word.lower() in _WORDS
