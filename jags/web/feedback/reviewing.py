"""Let the Business Unit review comments of anonymous feedback, one by one, and read those that were released."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.feedback.queries import by_question, comments, count_comments, get_comment
from jags.feedback.rules import CommentState
from jags.feedback.service import release_comment, withhold_comment
from jags.kernel.errors import Invalid
from jags.web.access import requires
from jags.web.feedback.forms import ReviewForm, WithholdForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("feedback_comments", __name__)

_A_PAGE = 50


@blueprint.get("/feedback-comments")
@requires(Permission.FEEDBACK_REVIEW)
def index() -> ResponseReturnValue:
    """List the comments that wait for review."""
    work = current_work()
    return render_template(
        "feedback/comments.html",
        lines=comments(work, CommentState.WAITING, most=_A_PAGE),
        number=count_comments(work, CommentState.WAITING),
    )


@blueprint.get("/feedback-comments/released")
@requires(Permission.FEEDBACK_REVIEW)
def released() -> ResponseReturnValue:
    """Show what was released, by question and in no order."""
    work = current_work()
    number = count_comments(work, CommentState.RELEASED)
    pages = max(1, -(-number // _A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    lines = comments(work, CommentState.RELEASED, skip=_A_PAGE * (page - 1), most=_A_PAGE)
    return render_template(
        "feedback/released.html", questions=by_question(lines), number=number, page=page, pages=pages
    )


@blueprint.route("/feedback-comments/<uuid:comment_id>", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_REVIEW)
def review(comment_id: UUID) -> ResponseReturnValue:
    """Show a comment, and release it."""
    work = current_work()
    line = get_comment(work, comment_id)
    form = ReviewForm(data={"text": line.text, "version": line.version})
    if form.validate_on_submit():
        try:
            release_comment(
                work,
                comment_id,
                text=form.text.data or "",
                why=form.chosen,
                rung=bool(form.rung.data),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The comment is released.", "success")
            return redirect(url_for("feedback_comments.index"), code=303)
    return render_template("feedback/review.html", form=form, line=line)


@blueprint.route("/feedback-comments/<uuid:comment_id>/withhold", methods=["GET", "POST"])
@requires(Permission.FEEDBACK_REVIEW)
def withhold(comment_id: UUID) -> ResponseReturnValue:
    """Ask why, then hold a comment back and delete it."""
    work = current_work()
    line = get_comment(work, comment_id)
    form = WithholdForm(data={"version": line.version})
    if form.validate_on_submit():
        try:
            withhold_comment(
                work, comment_id, why=form.chosen, rung=bool(form.rung.data), version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The comment is not released, and its text is deleted.", "success")
            return redirect(url_for("feedback_comments.index"), code=303)
    return render_template("feedback/withhold.html", form=form, line=line)
