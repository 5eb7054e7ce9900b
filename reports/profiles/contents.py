"""Which indicators a profile tells of, in the order in which they stand there."""

from __future__ import annotations

PEOPLE, MINORITIES, MINORITY_SHARE = "D03", "D04", "D05"
POVERTY_RATE, MINORITY_POVERTY = "N05", "N06"
POOR = "N01"

POPULATION = (PEOPLE, MINORITIES, MINORITY_SHARE, "D01", "D02")
POVERTY = (POVERTY_RATE, MINORITY_POVERTY, "N07", POOR, "N03", "N04", "N09", "N10", "N11", "N13")
SERVICES = (
    *("H02", "H05", "H06", "H09", "H11", "H13", "H15", "H16", "H20", "H22", "H23"),
    *("T01", "T02", "V02", "Y01", "Y02", "Y05", "G09", "G11", "X03", "C06", "Z02"),
)
OVER_THE_YEARS = (*POPULATION, *POVERTY)

#: What units are compared and ranked by; of each whether the largest comes first.
RANKED = {
    PEOPLE: True,
    MINORITY_SHARE: True,
    POVERTY_RATE: False,
    MINORITY_POVERTY: False,
    "H13": True,
    "H11": True,
}

#: What is told to those who may not see small counts: to find out what is hidden of an indicator
#: costs as much as a whole page, and of places nothing is hidden.
PUBLISHED = (PEOPLE, MINORITIES, MINORITY_SHARE, POVERTY_RATE, MINORITY_POVERTY)
OF_PLACES = ("H05", "H06", "H09", "H11", "H23", "T01", "T02", "V02", "Y01", "Y02", "Z02")
RANKED_PUBLISHED = {code: RANKED[code] for code in (PEOPLE, MINORITY_SHARE, MINORITY_POVERTY)}

#: What may be told of one ethnic group.
OF_A_GROUP = (
    *(PEOPLE, "D01", "D06", "D08", POOR, "N02", POVERTY_RATE, "N13", "H02", "H13", "H15", "H19"),
    *("H20", "G08", "G09", "G10", "G11", "Y05", "Y07", "X03", "X05", "L01", "C02", "C05", "V03"),
)

MOST_PERIODS = 4
