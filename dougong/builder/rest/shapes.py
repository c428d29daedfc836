"""What the operations on definitions take and answer."""

from marshmallow import fields

from dougong.platform.rest.shapes import Input, ListQuery, Output, choice, free, ident, several, text, texts, whole
from dougong.schemas import KINDS

DRAFT = {"kind": "role", "format": 1, "uid": "r1", "key": "engineer", "title": {"zh-Hans": "工程师", "en": "Engineer"}}


class DefinitionQuery(ListQuery):
    kind = choice(*KINDS)


class ReachQuery(Input):
    node = text(40, 1, "diagnose", required=True, says="The uid of the step.")


class NewDefinition(Input):
    kind = choice(*KINDS, required=True)
    title = texts(required=True)
    key = text(40, 1, load_default=None, allow_none=True, says="Free where none is given.")


class SaveDraft(Input):
    revision = whole(1, 10**8, 1, required=True, says="Of the draft, as it was read.")
    draft = free(DRAFT, required=True, says="The whole document; its schema is that of its kind.")


class Copy(Input):
    title = texts(required=True)


class Publish(Input):
    revision = whole(1, 10**8, 1, required=True)
    name = text(100, load_default="", says="What the new version is called.")
    note = text(2000, load_default="")
    companions = several(ident(), 100, load_default=list, example=[], says="Ids of drafts that are published with it.")


class Restore(Input):
    revision = whole(1, 10**8, 1, required=True)
    number = whole(1, 10**6, 1, required=True, says="The version whose body becomes the draft.")


class CheckDraft(Input):
    draft = free(DRAFT, required=True)


class Sample(Input):
    draft = free({"kind": "settlement"}, required=True)
    lines = several(fields.Dict(), 200, required=True, example=[{"amount": "100.00"}])


class Trial(Input):
    draft = free({"kind": "table"}, required=True)
    values = free({"amount": "100.00"}, required=True, says="By the keys of the inputs.")


class Said(Input):
    node = text(40, 1, "start", required=True, says="The uid of the step.")
    values = free({}, load_default=dict)
    by = text(40, 1, "li", says="Who does it; else whoever has the task.")
    signal = text(20, 1, "approve", says="What is done, where that is not plain: approve, reject, send_back, transfer, ...")


class Play(Input):
    say = several(fields.Nested(Said), 200, 1, [{"node": "start", "values": {}}], required=True, says="Who fills in what.")
    records = free({}, load_default=dict, says="Records that may be chosen: data by id.")
    people = fields.Dict(
        keys=fields.String(), values=several(text(40, 1), 200), load_default=dict,
        metadata={"example": {"finance": ["li", "wang"]}, "description": "Who has a role (by its key), or is unit_head, ..."},
    )  # fmt: skip


class ProblemOut(Output):
    code = fields.String(required=True, metadata={"example": "check.no_end"})
    severity = fields.String(required=True, metadata={"example": "error"})
    path = fields.String(required=True)
    message = fields.String(required=True)
    advice = fields.String(required=True)
    nodes = fields.List(fields.String(), required=True)
    edges = fields.List(fields.String(), required=True)
    field_uids = fields.List(fields.String(), required=True, attribute="fields")


class DefinitionHead(Output):
    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"example": "workflow"})
    key = fields.String(required=True, metadata={"example": "repair"})
    title = fields.Dict(required=True)
    revision = fields.Integer(required=True)
    active = fields.Integer(required=True, allow_none=True, metadata={"description": "The version in force."})
    changed = fields.Boolean(required=True, metadata={"description": "Does the draft differ from the version in force?"})
    updated_at = fields.String(required=True)
    updated_by = fields.String(required=True)


class DefinitionOut(DefinitionHead):
    draft = fields.Dict(required=True)
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Made(Output):
    id = fields.String(required=True)


class RemarkOut(Output):
    code = fields.String(required=True, metadata={"example": "bpmn.note.lane"})
    node = fields.String(required=True, metadata={"description": "The uid of the step that it became a note of, if any."})
    line = fields.Integer(required=True, metadata={"description": "Of the file; 0 where it is about the whole."})
    message = fields.String(required=True)


class Brought(Made):
    remarks = fields.List(fields.Nested(RemarkOut), required=True)


class Saved(Output):
    revision = fields.Integer(required=True)
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Problems(Output):
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Published(Output):
    versions = fields.Dict(required=True, metadata={"description": "The new version numbers by id."})


class VersionHead(Output):
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    note = fields.String(required=True)
    published_at = fields.String(required=True)
    published_by = fields.String(required=True)


class VersionOut(VersionHead):
    body = fields.Dict(required=True)
    lock = fields.Dict(required=True, metadata={"description": "The versions of what it refers to."})


class SampleOut(Output):
    problems = fields.Boolean(metadata={"description": "True where the draft has errors; then nothing was calculated."})
    lines = fields.List(fields.Dict(), required=True)
    statements = fields.List(fields.Dict(), required=True)
    error = fields.Dict()


class TrialOut(Output):
    problems = fields.Boolean(metadata={"description": "True where the draft has errors; then nothing was decided."})
    hits = fields.List(fields.String(), required=True, metadata={"description": "The uids of the rules that hit."})
    values = fields.Dict(required=True, metadata={"description": "What comes out, by the keys of the outputs."})
    errors = fields.Dict(metadata={"description": "What is wrong with a value, by the key of its input."})
    error = fields.Dict(metadata={"description": "Why nothing could be decided."})


class Passed(Output):
    node = fields.String(required=True, metadata={"example": "diagnose"})
    title = fields.Dict(required=True)


class Need(Output):
    code = fields.String(required=True, metadata={"example": "reach.condition"})
    message = fields.String(required=True, metadata={"example": "quote is more than 5000"})


class ReachOut(Output):
    """`must`: the ways that every ticket takes on its way there; `may`: the others that lead there."""

    sentence = fields.String(required=True)
    passes = fields.List(fields.Nested(Passed), required=True)
    needs = fields.List(fields.Nested(Need), required=True)
    must = fields.List(fields.String(), required=True)
    may = fields.List(fields.String(), required=True)


class Played(Output):
    status = fields.String(required=True, metadata={"example": "done"})
    result = fields.String(required=True, allow_none=True)
    visited = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)
    data = fields.Dict(required=True)
    refused = fields.List(fields.Dict(), required=True)
