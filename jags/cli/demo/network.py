"""Who is around a child in the demonstration, and what people say there of their sessions: made up."""

# First names for the people around a child; each request draws from its own part of the list.
NETWORK_NAMES: tuple[str, ...] = (
    "Alex Ferris", "Bryn Cole", "Chloe Danso", "Dana Moreau", "Eli Novak", "Freya Lund", "Gus Bellamy", "Hana Sato",
    "Ines Duarte", "Jude Carver", "Kara Whelan", "Leon Pike", "Mila Rossi", "Noor Aziz", "Orla Byrne", "Pia Keller",
    "Quinn Abbot", "Rafi Cohen", "Skye Munro", "Tess Harlow", "Uma Pillai", "Vic Stroud", "Will Okafor", "Yara Nasser",
)  # fmt: skip

COMMENTS: tuple[str, ...] = (
    "It helped to hear how others carry this. I felt less alone with it.",
    "Time to think, without having to leave with a list.",
    "I would have liked somebody from adult services in the room.",
    "The facilitators kept it calm and let everybody finish.",
    "We noticed that we had been talking about risk and not about her.",
    "A quieter room would have been better.",
)

# What requesters tell some weeks later, under their name.
ACCOUNTS = (
    "They said that for once everybody had told them the same thing.",
    "Nothing was said, but the door is opened again when somebody calls.",
    "The young person asked whether “the people who talk to each other now” would stay.",
)
