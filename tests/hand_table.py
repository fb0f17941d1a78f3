"""The rules by hand, cell by cell, copied from the rules of the assessment (sections 1, 3 and 7) and importing nothing of the law.

Who may do what in which state, and who sees what when: a second opinion, against which the generated tables are held.
"""

STATES = ("draft", "self_scored", "round1_reviewed", "explanation_requested", "round2_final", "published")
LETTERS = {
    "s": "unit_staff", "h": "unit_head", "g": "grader", "l": "grader_lead", "t": "secretariat",
    "m": "council_member", "d": "deputy", "c": "chair", "a": "auditor", "x": "admin",
}  # fmt: skip

MOVES = """
submit               draft                  self_scored            h
recall               self_scored            draft                  h
send_back            self_scored            draft                  t
close_unsubmitted    draft                  self_scored            t
release_round_1      self_scored            round1_reviewed        t
request_explanation  round1_reviewed        explanation_requested  t
finalise             round1_reviewed        round2_final           dc
finalise             explanation_requested  round2_final           dc
reopen               round2_final           explanation_requested  c
publish              round2_final           published              t
correct              published              round2_final           c
"""
"""Trigger, from, to, and whose hand begins it."""

CONFIRMED = ("close_unsubmitted", "publish", "open_assessment", "amend")
"""What the secretariat proposes and the chair confirms."""
BATCHES = ("release_round_1", "request_explanation", "finalise", "publish")

# one column per state, in their order; "." is nobody
ACTS = """
self_score           sh  .   .     .     .    .
request_na           sh  .   .     .     .    .
explain              .   .   sh    sh    .    .
accept_round_1       .   .   h     h     .    .
send_explanation     .   .   .     h     .    .
grade                .   gl  .     gl    .    .
sign_off             .   l   .     l     .    .
withdraw_sign_off    .   l   .     l     .    .
flag                 .   gl  .     gl    .    .
question             .   gl  .     .     .    .
agree_na             .   gl  .     .     .    .
question_by_council  .   .   mdc   mdc   .    .
confirm_na           .   mdc .     .     .    .
grade_for_council    .   mdc .     mdc   .    .
decide               .   mdc .     mdc   mdc  .
name_council_grader  c   c   c     c     .    .
exclude              c   c   c     c     c    .
readmit              c   c   c     c     c    .
extend               t   t   t     t     .    .
remove_evidence      sht t   t     t     t    t
"""

WITHOUT_CASE = {
    "prepare_assessment": "t", "open_assessment": "t", "amend": "t", "remind_now": "t", "confirm_proposal": "c",
    "manage_people": "x", "manage_organisations": "x", "help_sign_in": "tx", "see_draft_ranking": "tmdca", "see_progress": "tmdca",
    "see_journal": "a",
}  # fmt: skip
"""What is done to the whole of an assessment, or to none. That the secretariat helps people in is threat A9 of the security page."""

READS = {
    "see_case": ("sh", "sh", "sh", "sh", "sh", "sh"),
    "see_submitted_case": ("", "tmdca", "tmdca", "tmdca", "tmdca", "tmdca"),
    "see_assigned_items": ("", "gl", "gl", "gl", "gl", "gl"),
}

SITUATIONS = {
    "d": "draft",
    "s": "self_scored",  # round 1 not yet signed by all
    "S": "self_scored",  # signed by all
    "r": "round1_reviewed",
    "e": "explanation_requested",  # not sent, round 2 not signed
    "E": "explanation_requested",  # sent, round 2 signed by all
    "f": "round2_final",
    "p": "published",  # not to be read yet
    "P": "published",  # to be read
}
"""What may be going on, and the state the case is in then."""

# who (a body: "own" grades and the joint "partner"'s), which part, and one column per situation: + sees, . does not
VISIBLE = """
                           dsSreEfpP
unit         self          +++++++++
unit         evidence      +++++++++
unit         round1        ...++++++
unit         explanation   +++++++++
unit         round2        ........+
unit         round1_total  ...++++++
unit         final_total   ........+
unit         internal_note .........
body/own     self          .++++++++
body/own     evidence      .++++++++
body/own     round1        +++++++++
body/partner round1        ..+++++++
body/own     explanation   .....++++
body/own     round2        +++++++++
body/partner round2        .....++++
body/own     round1_total  ........+
body/own     final_total   ........+
body/own     internal_note +++++++++
body/partner internal_note ..+++++++
council      self          .++++++++
council      evidence      .++++++++
council      round1        +++++++++
council      explanation   .....++++
council      round2        +++++++++
council      round1_total  +++++++++
council      final_total   +++++++++
council      internal_note +++++++++
auditor      self          .++++++++
auditor      round1        +++++++++
auditor      explanation   .....++++
auditor      round2        +++++++++
auditor      final_total   +++++++++
auditor      internal_note +++++++++
secretariat  self          .++++++++
secretariat  evidence      .++++++++
secretariat  round1        +++++++++
secretariat  explanation   .....++++
secretariat  round2        +++++++++
secretariat  round1_total  +++++++++
secretariat  final_total   +++++++++
secretariat  internal_note .........
admin        self          .........
admin        evidence      .........
admin        round1        .........
admin        explanation   .........
admin        round2        .........
admin        round1_total  ........+
admin        final_total   ........+
admin        internal_note .........
public       self          .........
public       evidence      .........
public       round1        .........
public       explanation   .........
public       round2        .........
public       final_total   ........+
public       internal_note .........
"""
PEOPLE = {
    "unit": ("unit_staff", "unit_head"), "body": ("grader", "grader_lead"), "council": ("council_member", "deputy", "chair"),
    "auditor": ("auditor",), "secretariat": ("secretariat",), "admin": ("admin",), "public": ("public",),
}  # fmt: skip


def roles(letters: str) -> set[str]:
    """Return the roles that letters stand for."""
    return {LETTERS[letter] for letter in letters if letter != "."}


def moves() -> set[tuple[str, str, str, str]]:
    """Return (trigger, from, to, role), one for each role."""
    rows = [line.split() for line in MOVES.split("\n") if line]
    return {(trigger, source, target, role) for trigger, source, target, who in rows for role in roles(who)}


def acts() -> dict[str, dict[str, set[str]]]:
    """Return act → state → roles."""
    rows = [line.split() for line in ACTS.split("\n") if line]
    written = {row[0]: dict(zip(STATES, map(roles, row[1:]), strict=True)) for row in rows}
    return written | {act: dict(zip(STATES, map(roles, cells), strict=True)) for act, cells in READS.items()}


def visible() -> dict[tuple[str, str, str, str], bool]:
    """Return (role, whose, part, situation) → whether it is seen."""
    cells = {}
    for who, part, marks in (line.split() for line in VISIBLE.split("\n")[2:] if line):
        people, _, whose = who.partition("/")
        for role in PEOPLE[people]:
            cells |= {(role, whose, part, situation): mark == "+" for situation, mark in zip(SITUATIONS, marks, strict=True)}
    return cells
