"""The list of blueprints."""

from flask import Blueprint

from jags.web.accounts.organisation import blueprint as organisation
from jags.web.accounts.own import blueprint as own_account
from jags.web.accounts.people import blueprint as people
from jags.web.accounts.second_step import blueprint as second_step
from jags.web.accounts.setting_up import blueprint as set_up
from jags.web.accounts.views import blueprint as accounts
from jags.web.allocation.answering import blueprint as offers
from jags.web.allocation.changing import blueprint as changing
from jags.web.allocation.choosing import blueprint as allocation
from jags.web.allocation.independence import blueprint as independence
from jags.web.allocation.planning import blueprint as planning
from jags.web.evaluation.api import blueprint as figures_api
from jags.web.evaluation.dashboard import blueprint as dashboard
from jags.web.evaluation.drafts import blueprint as drafts
from jags.web.evaluation.keys import blueprint as figures_keys
from jags.web.evaluation.pack import blueprint as evidence_pack
from jags.web.evaluation.promotion import blueprint as promotion
from jags.web.evaluation.published import blueprint as published
from jags.web.evaluation.records import blueprint as records
from jags.web.evaluation.reports import blueprint as reports
from jags.web.evaluation.views import blueprint as evaluation
from jags.web.facilitators.availability import blueprint as availability
from jags.web.facilitators.calendar import blueprint as calendar
from jags.web.facilitators.details import blueprint as pool_details
from jags.web.facilitators.leave import blueprint as leave
from jags.web.facilitators.load import blueprint as load
from jags.web.facilitators.pattern import blueprint as pattern
from jags.web.facilitators.pool import blueprint as facilitators
from jags.web.feedback.editing import blueprint as feedback_forms
from jags.web.feedback.following import blueprint as what_followed
from jags.web.feedback.replacing import blueprint as lost_links
from jags.web.feedback.reviewing import blueprint as feedback_comments
from jags.web.feedback.slips import blueprint as slips
from jags.web.feedback.views import blueprint as feedback
from jags.web.home.about import blueprint as about
from jags.web.home.undelivered import blueprint as undelivered
from jags.web.home.views import blueprint as home
from jags.web.importing.views import blueprint as back_entry
from jags.web.messages.views import blueprint as messages
from jags.web.practice.meetings import blueprint as meetings
from jags.web.practice.mine import blueprint as my_meetings
from jags.web.practice.toolbox import blueprint as toolbox
from jags.web.quality.afterwards import blueprint as afterwards
from jags.web.quality.approach import blueprint as approach
from jags.web.quality.auditing import blueprint as audits
from jags.web.quality.observing import blueprint as observations
from jags.web.quality.own import blueprint as my_practice
from jags.web.quality.reflecting import blueprint as reflections
from jags.web.requests.cover import blueprint as cover
from jags.web.requests.intake import blueprint as intake
from jags.web.requests.listing import blueprint as queue
from jags.web.requests.more import blueprint as more
from jags.web.requests.ownership import blueprint as ownership
from jags.web.requests.page import blueprint as requests
from jags.web.requests.requester import blueprint as requester
from jags.web.requests.same_work import blueprint as same_work
from jags.web.requests.status import blueprint as status
from jags.web.requests.telephone import blueprint as telephone
from jags.web.retention.restored import blueprint as restored
from jags.web.retention.trail import blueprint as trail
from jags.web.retention.trail_files import blueprint as trail_files
from jags.web.retention.views import blueprint as retention
from jags.web.rights.complaints import blueprint as complaints
from jags.web.rights.documents import blueprint as documents
from jags.web.rights.subject_access import blueprint as subject_access
from jags.web.scheduling.answering import blueprint as answering
from jags.web.scheduling.calendar import blueprint as calendars
from jags.web.scheduling.dates import blueprint as dates
from jags.web.scheduling.exchanging import blueprint as exchanging
from jags.web.scheduling.facilitator import blueprint as my_sessions
from jags.web.scheduling.participant import blueprint as taking_part
from jags.web.scheduling.venues import blueprint as venues
from jags.web.scheduling.views import blueprint as scheduling
from jags.web.themes.drafts import blueprint as draft_themes
from jags.web.themes.framing import blueprint as code_frame
from jags.web.themes.reading import blueprint as themes

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts,
    second_step,
    set_up,
    organisation,
    own_account,
    people,
    home,
    about,
    undelivered,
    intake,
    status,
    more,
    requester,
    same_work,
    telephone,
    requests,
    queue,
    ownership,
    cover,
    allocation,
    changing,
    independence,
    planning,
    offers,
    facilitators,
    pool_details,
    availability,
    calendar,
    leave,
    pattern,
    load,
    meetings,
    my_meetings,
    toolbox,
    scheduling,
    dates,
    answering,
    exchanging,
    calendars,
    venues,
    my_sessions,
    taking_part,
    feedback,
    feedback_forms,
    slips,
    lost_links,
    feedback_comments,
    what_followed,
    reflections,
    afterwards,
    my_practice,
    observations,
    approach,
    audits,
    themes,
    code_frame,
    draft_themes,
    evaluation,
    dashboard,
    evidence_pack,
    records,
    drafts,
    figures_api,
    figures_keys,
    reports,
    published,
    promotion,
    messages,
    back_entry,
    retention,
    trail,
    trail_files,
    restored,
    complaints,
    documents,
    subject_access,
)
