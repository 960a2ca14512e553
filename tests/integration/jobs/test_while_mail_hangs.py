"""While a mail server keeps the sender waiting, pages open and what they change is kept: nothing is locked meanwhile."""

import threading

from factories.scheduled import queue, states
from jags.jobs.runner import Runner
from jags.notifications.rules import MailState

_LONGEST = 30


class HangingMailer:
    """Takes a message, and does not answer before it is told to."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    def send(self, _message, *, return_to):  # noqa: ARG002 - It comes back to nobody here.
        self.reached.set()
        assert self.go_on.wait(_LONGEST)


def test_pages_open_and_keep_what_they_change_while_a_mail_server_hangs(app, work_on, monkeypatch):
    hanging = HangingMailer()
    monkeypatch.setitem(app.extensions, "jags_mailer", hanging)
    queue(work_on, "ash")
    sending = threading.Thread(target=Runner(app).tick)
    sending.start()
    try:
        assert hanging.reached.wait(_LONGEST)
        # The claim is committed, so that neither a reader nor a writer waits for the mail server.
        assert app.test_client().get("/").status_code == 200
        queue(work_on, "birch")
        assert states(work_on) == {"ash": MailState.CLAIMED, "birch": MailState.QUEUED}
        assert sending.is_alive()
    finally:
        hanging.go_on.set()
        sending.join(_LONGEST)
    assert states(work_on) == {"ash": MailState.SENT, "birch": MailState.SENT}
