"""The cross-checks of a catalogue by name: what one table says must agree with the others. Adding one is a function and a row here."""

from dataclasses import replace

from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.identities import codes_are_unique, codes_run_through, local_numbers_run, names_are_unique
from workflow.catalogue.references import bodies_exist, guidance_covers, kinds_are_used, limits_name_units, rules_reach_the_maximum
from workflow.catalogue.sums import counts_agree, parents_exist, points_can_be_printed, totals_agree
from workflow.catalogue.walking import Check
from workflow.scoring.reading import Place

CHECKS: tuple[Check, ...] = (
    codes_are_unique,
    names_are_unique,
    codes_run_through,
    local_numbers_run,
    counts_agree,
    totals_agree,
    parents_exist,
    bodies_exist,
    limits_name_units,
    kinds_are_used,
    guidance_covers,
    rules_reach_the_maximum,
    points_can_be_printed,
)


def cross_check(content: CatalogueContent, place: Place) -> None:
    """Run every check and note what it finds, each problem at its place."""
    for check in CHECKS:
        for trail, problem in check(content):
            place.problems.append(replace(problem, place=place.tell(trail)))
