"""Statutory wording that decision papers share, as the decision form in use gives it."""

from __future__ import annotations

from typing import Final

# MOPAC Scheme of Delegation and Consent.
PARAGRAPH_4_8: Final = (
    "Paragraph 4.8 of the MOPAC Scheme of Delegation and Consent provides that the Deputy Mayor "
    "for Policing and Crime (DMPC) has delegated authority to approve business cases for revenue "
    "or capital expenditure of £500,000 or above."
)

# Equality Act 2010, section 149(1).
EQUALITY_DUTY: Final = (
    "MOPAC is required to comply with the public sector equality duty set out in section 149(1) "
    "of the Equality Act 2010. This requires MOPAC to have due regard to the need to eliminate "
    "discrimination, advance equality of opportunity and foster good relations by reference to "
    "people with protected characteristics. The protected characteristics are: age, disability, "
    "gender reassignment, marriage and civil partnership, pregnancy and maternity, race, religion "
    "or belief, sex and sexual orientation."
)

# European Convention on Human Rights; Data Protection Act 2018.
PERSONAL_DATA: Final = (
    "The MPS is subject to the requirements and conditions placed on it as a ‘State’ body to "
    "comply with the European Convention of Human Rights and the Data Protection Act (DPA) 2018. "
    "Both legislative requirements place an obligation on the MPS to process personal data fairly "
    "and lawfully in order to safeguard the rights and freedoms of individuals."
)

# General Data Protection Regulation, article 35; Data Protection Act 2018, section 57.
IMPACT_ASSESSMENT: Final = (
    "Under Article 35 of the General Data Protection Regulation (GDPR) and Section 57 of the DPA "
    "2018, Data Protection Impact Assessments (DPIA) become mandatory for organisations with "
    "technologies and processes that are likely to result in a high risk to the rights of the "
    "data subjects."
)


def paragraphs(*texts: str) -> str:
    """Texts as paragraphs of one section."""
    return "\n\n".join(texts)
