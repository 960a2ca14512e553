"""The catalogue of audit tags (`subject:action`, past tense) and the payload keys that each may carry."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stream(StrEnum):
    """The chains that are kept apart."""

    ACTS = "acts"
    READS = "reads"


# Tags of the chain of reads; all others are of the chain of acts.
READS = frozenset({"case:read", "report:read"})


def genesis(stream: Stream) -> bytes:
    """Return what the first event of a chain follows: different for each, because a mac is followed only once."""
    return hashlib.sha256(f"audit|{stream}".encode()).digest()


# Payloads hold opaque references, enums and numbers only; a wrong key fails when the event is recorded.
TAGS: dict[str, frozenset[str]] = {
    "access:reviewed": frozenset({"kept", "ended"}),
    "account:address_changed": frozenset(),
    "account:asked_if_needed": frozenset(),
    "account:disabled": frozenset(),
    "account:enabled": frozenset(),
    "account:factor_added": frozenset({"factor"}),
    "account:factor_removed": frozenset({"factor"}),
    "account:invited": frozenset({"role"}),
    "account:password_changed": frozenset(),
    "account:password_set": frozenset(),
    # The second step was taken again, before an export or a change of roles.
    "account:proved_again": frozenset({"factor"}),
    # One person called back, a second one confirmed, the owner has used the link.
    "account:reset_asked": frozenset({"reset"}),
    "account:reset_confirmed": frozenset({"reset"}),
    "account:reset_dropped": frozenset({"reset"}),
    "account:reset_used": frozenset(),
    "account:role_given": frozenset({"role"}),
    "account:role_taken": frozenset({"role"}),
    "account:sessions_ended": frozenset(),
    "account:signed_in": frozenset({"factor"}),
    "account:signed_out": frozenset(),
    "account:sign_in_link_used": frozenset(),
    "account:still_needed": frozenset(),
    "account:suspended": frozenset(),
    "agency:added": frozenset(),
    "agency:changed": frozenset(),
    # The trail was cut at a signed checkpoint, because its period was over.
    "audit:cut": frozenset({"stream", "seq", "events"}),
    # The trail was written into a file for somebody to take along: one person asked, another approved, the first took it.
    "audit:exported": frozenset({"stream", "events"}),
    "audit:file_approved": frozenset({"stream", "events"}),
    "audit:file_asked": frozenset({"stream", "events", "purpose"}),
    "audit:file_dropped": frozenset(),
    # Somebody says that a backup was put back, which anchors it supersedes; a second person confirms event number `asked`.
    "audit:restore_asked": frozenset({"anchors", "number"}),
    "audit:restore_confirmed": frozenset({"asked"}),
    # A facilitator asked to be rung; what they speak about is kept nowhere.
    "call:made": frozenset(),
    "call:taken": frozenset({"caller"}),
    "call:wished": frozenset({"session", "caller"}),
    "calculation:asked": frozenset({"kind", "seed"}),
    "calculation:done": frozenset({"kind", "proven", "requests", "allocated"}),
    "calculation:failed": frozenset({"kind"}),
    # Pairs of a plan became offers; the others did not hold any more.
    "calculation:offered": frozenset({"offered", "refused"}),
    # What was written about these requests was read, on a page or in a list; ids, one after another.
    "case:read": frozenset({"requests_read"}),
    "code_frame:changed": frozenset({"version", "change", "state"}),
    # Complaints and concerns about a facilitator; what they say is in no event.
    "complaint:changed": frozenset(),
    "complaint:closed": frozenset({"outcome"}),
    "complaint:taken": frozenset(),
    "concern:confirmed": frozenset(),
    # A concern came up in a session and somebody takes it; what it is, is kept nowhere.
    "concern:noted": frozenset({"session", "route"}),
    "cover:ended": frozenset({"deputy"}),
    "cover:entered": frozenset({"deputy", "from_on", "to_on"}),
    # Somebody answered which dates suit: by their own link, or told us by telephone.
    "date_question:answered": frozenset({"request", "by_telephone", "instead"}),
    "date_question:asked": frozenset({"request", "kind", "dates", "people"}),
    "date_question:changed": frozenset({"request", "dates", "people", "edition"}),
    "date_question:closed": frozenset({"request", "how"}),
    "date_question:nudged": frozenset({"request", "people"}),
    "date_question:stand_in_decided": frozenset({"request", "come"}),
    # A part of a document that the partnership completes, such as the privacy notice.
    "document:written": frozenset({"document", "part"}),
    "doubt:cleared": frozenset({"request", "doubt", "cleared"}),
    # A facilitator's own log; what they write there is theirs.
    "development:deleted": frozenset(),
    "development:written": frozenset(),
    # The optional answers of a year were counted; giving one leaves no event.
    "equalities:counted": frozenset({"year", "answers"}),
    "exception:agreed": frozenset({"pair", "rule"}),
    "facilitator:added": frozenset(),
    "facilitator:availability_given": frozenset({"slots"}),
    "facilitator:calendar_given": frozenset(),
    # Written when it changes whether a calendar can be read, not at every reading.
    "facilitator:calendar_not_read": frozenset({"problem"}),
    "facilitator:calendar_read": frozenset(),
    "facilitator:calendar_removed": frozenset(),
    "facilitator:changed": frozenset({"status"}),
    "facilitator:details_changed": frozenset({"agency"}),
    "facilitator:feed_opened": frozenset(),
    "facilitator:feed_closed": frozenset(),
    "facilitator:heavy_marked": frozenset({"session", "heavy"}),
    "facilitator:lapse_told": frozenset(),
    "facilitator:leave_cancelled": frozenset(),
    "facilitator:leave_noted": frozenset({"days"}),
    "facilitator:pattern_forgotten": frozenset(),
    "facilitator:pattern_saved": frozenset({"days"}),
    "facilitator:themes_noted": frozenset(),
    "facilitator:trained": frozenset(),
    # Attendance that was recorded by mistake was taken back, and the training with it.
    "facilitator:training_removed": frozenset({"gathering"}),
    # What was written is in no event: only that it was reviewed, and why it was changed or held back.
    "facilitator_concern:closed": frozenset(),
    "facilitator_concern:noted": frozenset(),
    "feedback_comment:released": frozenset({"why"}),
    "feedback_comment:withheld": frozenset({"why"}),
    # The reviewer met a worry and has rung the Designated Safeguarding Lead.
    "feedback_comment:worry_passed_on": frozenset(),
    "feedback_form:changed": frozenset({"version", "questions"}),
    "feedback_block:closed": frozenset({"answers", "pools"}),
    "feedback_sectors:counted": frozenset({"year", "answers"}),
    "feedback_round:closed": frozenset({"session", "state"}),
    # Slips of a session that moved or does not take place; nobody had answered.
    "feedback_round:forgotten": frozenset({"session"}),
    # Somebody has lost their link; who is sealed to the jobs process, and is in no event.
    "feedback_round:link_lost": frozenset({"session"}),
    "feedback_round:links_replaced": frozenset({"session", "number"}),
    "feedback_round:opened": frozenset({"session", "invited"}),
    # A pause was lifted, and the round closes later by its length.
    "feedback_round:prolonged": frozenset({"session"}),
    "feedback_round:reminded": frozenset({"session"}),
    # A round that had been closed with few answers was opened later, together with others.
    "feedback_round:tallied": frozenset({"session"}),
    "gathering:answered": frozenset({"person", "reply"}),
    "gathering:agenda_set": frozenset({"topics"}),
    "gathering:attendance_recorded": frozenset({"attended", "apologies"}),
    "gathering:called_off": frozenset({"sequence"}),
    "gathering:changed": frozenset({"sequence"}),
    "gathering:invited": frozenset({"people"}),
    "gathering:planned": frozenset({"kind"}),
    "independence:recorded": frozenset({"pair", "digest"}),
    "import:read": frozenset({"source", "imported", "linked", "changed", "unchanged", "rejected"}),
    "figures_key:made": frozenset({"days"}),
    "figures_key:revoked": frozenset(),
    "ledger:block_formed": frozenset({"requests", "kind"}),
    "link:issued": frozenset({"purpose"}),
    "link:revoked": frozenset({"purpose"}),
    # The mail server took it, and it did not arrive.
    "mail:came_back": frozenset({"kind"}),
    "mail:failed": frozenset({"kind", "attempts"}),
    "mail:queued": frozenset({"kind", "message"}),
    "mail:queued_again": frozenset({"kind"}),
    "mail:sent": frozenset({"kind"}),
    "mail:withdrawn": frozenset({"kind"}),
    "mail_template:changed": frozenset({"kind", "version", "own"}),
    "network:changed": frozenset({"request", "change"}),
    "observation:agreed": frozenset({"person"}),
    "observation:called_off": frozenset(),
    "observation:planned": frozenset({"session", "observer"}),
    "observation:shared": frozenset(),
    # Somebody without an e-mail address, by telephone.
    "observation:told": frozenset({"member"}),
    "observation:written": frozenset(),
    "offer:answered": frozenset({"pair", "answer"}),
    "offer:declared": frozenset({"pair", "talk", "conflict"}),
    "offer:identity_checked": frozenset({"pair", "known"}),
    "offer:lapsed": frozenset({"pair"}),
    "offer:made": frozenset({"pair", "request"}),
    "offer:withdrawn": frozenset({"pair"}),
    "pair:chosen": frozenset({"request", "seed", "rank"}),
    "person:added": frozenset(),
    "practice_audit:asked": frozenset({"case", "agency"}),
    "practice_audit:closed": frozenset(),
    # The sample can be drawn again from its seed.
    "practice_audit:drawn": frozenset({"method", "seed", "sessions", "of"}),
    "practice_audit:moderated": frozenset({"case"}),
    "practice_audit:plan_noted": frozenset({"number", "state"}),
    "practice_audit:recommended": frozenset({"number", "area"}),
    "practice_audit:returned": frozenset({"case"}),
    "promotion:added": frozenset(),
    "promotion:changed": frozenset(),
    "promotion:deleted": frozenset(),
    # Texts read for themes by two people; what they find is about the text, not about who wrote it.
    "reading:agreed": frozenset({"frame"}),
    "reading:given_up": frozenset({"texts"}),
    "reading:said": frozenset({"frame"}),
    "reading:taken_in": frozenset({"texts"}),
    # Something was erased when its time was over, or at somebody's wish; what it is, is told by its kind and opaque reference.
    "record:erased": frozenset({"kind", "again"}),
    "reflection:saved": frozenset({"session"}),
    # The requester's own account, some weeks later; what it says is sealed.
    # The scrutineer's own statement and questions; their words are sealed.
    "report:asked": frozenset({"report"}),
    "report:begun": frozenset({"from_on", "to_on"}),
    "report:copied": frozenset({"edition", "format", "view"}),
    "report:given_back": frozenset(),
    "report:pack_made": frozenset({"format", "from_on", "seed", "to_on"}),
    "report:read": frozenset(),
    "report:readers_named": frozenset({"readers"}),
    "report:released": frozenset({"readers"}),
    "report:replied": frozenset({"report"}),
    "report:sent": frozenset({"blocks", "tables"}),
    "report:stated": frozenset(),
    "report:withdrawn": frozenset(),
    "report:written": frozenset(),
    "request:account_given": frozenset(),
    "request:changed": frozenset({"part"}),
    # A repeat was linked to the first request about the same work, or the link was taken away.
    "request:other_work": frozenset({"other"}),
    "request:repeat_linked": frozenset({"first"}),
    "request:repeat_unlinked": frozenset({"first"}),
    "request:nudge_answered": frozenset({"answer"}),
    "request:requester_changed": frozenset({"change", "why"}),
    "request:requester_confirmed": frozenset(),
    "request:draft_started": frozenset(),
    "request:given_back": frozenset(),
    "request:imported": frozenset({"source"}),
    # A row of the form or the tracker tells of a request that is here: its number there is kept with the request.
    "request:linked": frozenset({"source"}),
    "request:moved": frozenset({"verb", "from", "to"}),
    "request:owner_changed": frozenset({"owner"}),
    "request:paused": frozenset({"why"}),
    "request:pause_lifted": frozenset(),
    "request:preparation_noted": frozenset({"on"}),
    "request:recusal_lifted": frozenset({"person"}),
    "request:recused": frozenset({"person"}),
    "request:searched": frozenset({"kind", "searched", "found"}),
    "request:taken_over": frozenset(),
    "request:lead_asked": frozenset({"state"}),
    "request:legal_checked": frozenset({"kind", "outcome"}),
    "request:legal_hold_lifted": frozenset(),
    # A note between coordinators was written; the note itself is sealed.
    "request:noted": frozenset(),
    "request:nudged": frozenset({"state"}),
    "request:rung": frozenset({"on"}),
    "request:transitional_confirmed": frozenset({"features"}),
    "retention:approved": frozenset({"entries"}),
    "retention:done": frozenset({"erased", "kept"}),
    "retention:dropped": frozenset(),
    "retention:listed": frozenset({"entries", "early"}),
    "retention:put_forward": frozenset({"entries"}),
    "retention:rule_changed": frozenset({"kind", "trigger", "months", "action", "version"}),
    # Somebody asked what is held about them: that it was looked for, and what was put together for them.
    "rights:exported": frozenset(),
    "rights:sought": frozenset({"looked", "found"}),
    "session:apologies": frozenset({"why", "instead"}),
    # Somebody's calendar answered the entry of a session.
    "session:calendar_answered": frozenset({"answer", "sequence"}),
    "session:called_off": frozenset({"request", "how", "sequence"}),
    "session:changed": frozenset({"request", "sequence"}),
    # More became known of a session that was held before; how much is missing still.
    "session:completed": frozenset({"request", "gaps"}),
    "session:imported": frozenset({"request"}),
    "session:instant_changed": frozenset({"request"}),
    "session:participant_said": frozenset({"name_shown", "needs"}),
    "session:participants_changed": frozenset({"change"}),
    "session:recorded": frozenset({"request", "agencies"}),
    "session:reinstated": frozenset({"request", "sequence"}),
    "session:scheduled": frozenset({"request", "sequence"}),
    "setting:changed": frozenset({"key", "version"}),
    # A facilitator said something about a draft theme; what, is sealed.
    "theme:remarked": frozenset(),
    "toolbox:document_added": frozenset({"audience"}),
    "toolbox:document_changed": frozenset({"audience"}),
    "toolbox:document_returned": frozenset(),
    "toolbox:document_withdrawn": frozenset(),
    "toolbox:edition_added": frozenset({"number", "size"}),
    "venue:added": frozenset(),
    "venue:changed": frozenset({"retired"}),
    # Copies on paper were printed, data keys wrapped under a newer master key, or keyed indexes made anew.
    "key:indexes_made": frozenset({"number", "lost"}),
    "key:printed": frozenset({"number"}),
    "key:wrapped_again": frozenset({"number"}),
    "work:handed_over": frozenset({"to", "requests"}),
}

_IN_TEXT = re.compile(r"\{[^{}]*\}")
RESTORE_ASKED = "audit:restore_asked"
RESTORE_CONFIRMED = "audit:restore_confirmed"


@dataclass(frozen=True)
class Anchor:
    """The end of a chain at an instant, signed, to be kept outside the database: one line of JSON each."""

    stream: Stream
    seq: int
    mac: str
    at: str
    signature: str

    @property
    def name(self) -> str:
        """Return what names the place in the chain: its stream, number and mac."""
        return f"{self.stream}:{self.seq}:{self.mac}"

    def line(self) -> str:
        """Return the anchor as one line."""
        return json.dumps(
            {
                "at": self.at,
                "stream": self.stream,
                "seq": self.seq,
                "mac": self.mac,
                "signature": self.signature,
            }
        )


def read_anchors(lines: Iterable[str]) -> list[Anchor]:
    """Read anchors; raises `ValueError` naming the line that is none."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            found.append(
                Anchor(Stream(one["stream"]), int(one["seq"]), one["mac"], one["at"], one["signature"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"Line {number} of the anchors cannot be read.") from error
    return found


def anchors_in(text: str) -> list[Anchor]:
    """Read the anchors out of e-mails that were saved, however their lines are broken; raises `ValueError` naming the one that is none."""
    return read_anchors(" ".join(one.split()) for one in _IN_TEXT.findall(text))


@dataclass(frozen=True)
class Finding:
    """Something that verification found wrong, at a place in a stream."""

    stream: Stream
    seq: int
    problem: str
