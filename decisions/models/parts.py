"""The parts of a paper: recommendations, money, sections, papers behind it, declarations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.models.paper import Paper


class Part(models.Model):
    """A row of a paper, at a place in its order."""

    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class FundingKind(models.TextChoices):
    """Which side of the budget an amount stands on."""

    CAPITAL = "capital", "Capital"
    REVENUE = "revenue", "Revenue"
    INCOME = "income", "Income"


class Vat(models.TextChoices):
    """Whether an amount includes value added tax."""

    UNSTATED = "", "Not stated"
    EXCLUSIVE = "exclusive", "Excluding VAT"
    INCLUSIVE = "inclusive", "Including VAT"
    OUTSIDE = "outside", "Outside the scope of VAT"


class RecommendationVerb(models.TextChoices):
    """What the decision maker is asked to do."""

    APPROVE = "Approve", "Approve"
    NOTE = "Note", "Note"
    AGREE = "Agree", "Agree"
    SUPPORT = "Support", "Support"
    DELEGATE = "Delegate", "Delegate"


class Recommendation(Part):
    """One numbered recommendation; `amount` in pounds."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="recommendations")
    verb = models.CharField(
        max_length=12, choices=RecommendationVerb.choices, default=RecommendationVerb.APPROVE
    )
    text = models.TextField()
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=FundingKind.choices, blank=True)
    up_to = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.verb} {self.text}"


class FundingLine(Part):
    """One line of the funding table; `amount` in pounds, never negative: income has its kind."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="funding_lines")
    label = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    kind = models.CharField(max_length=10, choices=FundingKind.choices)
    financial_year = models.CharField(max_length=7, blank=True)
    source = models.CharField(max_length=200, blank=True)
    vat = models.CharField(max_length=10, choices=Vat.choices, blank=True)
    contingency_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="funding_not_negative"),
        ]

    def __str__(self) -> str:
        return self.label


class SectionKind(models.TextChoices):
    """The sections of Part 1, in the order of the form."""

    INTRODUCTION = "introduction", "Introduction and background"
    ISSUES = "issues", "Issues for consideration"
    FINANCIAL = "financial", "Financial Comments"
    LEGAL = "legal", "Legal Comments"
    COMMERCIAL = "commercial", "Commercial Issues"
    DATA_PROTECTION = "data_protection", "GDPR and Data Privacy"
    EQUALITY = "equality", "Equality Comments"


class Section(Part):
    """A section of Part 1. Its paragraphs are numbered by the system, never typed."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=20, choices=SectionKind.choices)
    heading = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    included = models.BooleanField(default=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind"], name="section_kind_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class BackgroundPaper(Part):
    """A paper behind the decision, with its address where it can be read."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="background_papers")
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.title


class SupportingDocument(Part):
    """A document published beside the decision, at an address where it can be read."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="supporting_documents")
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.title


class DeclarationKind(models.TextChoices):
    """The rows of the originating officer's declaration, as the form labels them.

    The values are the adviser duties of accounts: each row is answered by that kind's advice.
    """

    FINANCE = "finance", "Financial Advice"
    LEGAL = "legal", "Legal Advice"
    EQUALITIES = "equalities", "Equalities Advice"
    COMMERCIAL = "commercial", "Commercial Issues"
    DATA_PROTECTION = "data_protection", "GDPR/Data Privacy"
    HEAD_OF_SERVICE = "head_of_service", "Director/Head of Service"


class Declaration(Part):
    """One row of the declaration: the statement as the officer gives it on this paper."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="declarations")
    kind = models.CharField(max_length=20, choices=DeclarationKind.choices)
    statement = models.TextField(blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind"], name="declaration_kind_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
