"""The verbs of feedback: open rounds, take answers, close rounds, reflect, and close finished requests."""

from jags.feedback.service.answering import accept_answer
from jags.feedback.service.closing import close_due_rounds, close_finished_requests, forget_opened
from jags.feedback.service.opening import open_due_rounds
from jags.feedback.service.reflecting import reflection_of, save_reflection

__all__ = [
    "accept_answer",
    "close_due_rounds",
    "close_finished_requests",
    "forget_opened",
    "open_due_rounds",
    "reflection_of",
    "save_reflection",
]
