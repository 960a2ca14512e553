"""Keep each kind of record as long as the partnership says, erase it with two people, and remember what was erased."""
