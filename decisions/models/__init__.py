"""What a decision is, as tables."""

from decisions.models.event import Event
from decisions.models.files import FileApproval, SupportingFile
from decisions.models.paper import Contributor, Forum, Paper, Reader, Series
from decisions.models.parts import (
    BackgroundPaper,
    Declaration,
    DeclarationKind,
    FundingKind,
    FundingLine,
    Recommendation,
    RecommendationVerb,
    Section,
    SectionKind,
    SupportingDocument,
    Vat,
)
from decisions.models.version import Version

__all__ = [
    "BackgroundPaper",
    "Contributor",
    "Declaration",
    "DeclarationKind",
    "Event",
    "FileApproval",
    "Forum",
    "FundingKind",
    "FundingLine",
    "Paper",
    "Reader",
    "Recommendation",
    "RecommendationVerb",
    "Section",
    "SectionKind",
    "Series",
    "SupportingDocument",
    "SupportingFile",
    "Vat",
    "Version",
]
