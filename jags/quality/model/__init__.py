"""The tables of quality: what belongs to a session and its facilitators, and multi-agency audits."""

from jags.quality.model.auditing import AgencyReturn, AuditedSession, AuditRecommendation, PracticeAudit
from jags.quality.model.practice import (
    DevelopmentEntry,
    FacilitatorReflection,
    Observation,
    ObservationAgreement,
    ObservationTold,
    SurfacedConcern,
    WishedCall,
)

__all__ = [
    "AgencyReturn",
    "AuditRecommendation",
    "AuditedSession",
    "DevelopmentEntry",
    "FacilitatorReflection",
    "Observation",
    "ObservationAgreement",
    "ObservationTold",
    "PracticeAudit",
    "SurfacedConcern",
    "WishedCall",
]
