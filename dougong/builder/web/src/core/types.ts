/** The documents as the server keeps them (`schemas/*.json`), what it says about them, and what can be drawn with. */

/** A text for people, keyed by language tag. */
export type Text = Record<string, string>;
export type Scalar = string | number | boolean | null;
export type Kind = 'form' | 'entity' | 'workflow' | 'table' | 'settlement' | 'calendar' | 'role';

export interface Rule {
  uid?: string;
  field: string;
  operator: string;
  source?: 'value' | 'field';
  value?: Scalar | Scalar[];
}

/** A condition: rules and groups of rules, held together by "and" or "or". */
export interface Tree {
  uid?: string;
  combinator: 'and' | 'or';
  not?: boolean;
  rules: (Rule | Tree)[];
}

export interface Doc {
  format: number;
  uid: string;
  kind: Kind;
  key: string;
  title: Text;
  description?: Text;
}

export interface Option {
  uid: string;
  key: string;
  title: Text;
  tone?: 'plain' | 'good' | 'warn' | 'bad';
}

export type Config = Record<string, unknown>;

export interface Field {
  uid: string;
  key: string;
  type: string;
  title: Text;
  help?: Text;
  required?: boolean;
  width?: 'half' | 'full';
  default?: Scalar | Scalar[];
  visible_when?: Tree;
  config?: Config;
}

/** A field that is filled in in each row of a table. */
export interface Column {
  uid: string;
  key: string;
  type: string;
  title: Text;
  required?: boolean;
  /** Its sum stands below it. */
  total?: boolean;
  default?: Scalar;
  config?: Config;
}

export interface Section {
  uid: string;
  title?: Text;
  help?: Text;
  visible_when?: Tree;
  fields: Field[];
}

/** A formula that must not be untrue when a form is sent, and what is said otherwise. */
export interface SubmitCheck {
  uid?: string;
  formula: string;
  message: Text;
}

export interface FormDoc extends Doc {
  checks?: SubmitCheck[];
  /** How a ticket with it is printed. */
  print?: Config;
  sections: Section[];
}

export interface EntityDoc extends FormDoc {
  name_field?: string;
  list_fields?: string[];
  unique_field?: string;
}

export interface FlowNode {
  uid: string;
  type: string;
  title: Text;
  /** For whoever draws. */
  remark?: Text;
  config?: Config;
}

export interface FlowEdge {
  uid: string;
  source: string;
  target: string;
  title?: Text;
  when?: Tree;
  default?: boolean;
  /** The outcome of its source that it is for. */
  on?: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface Numbering {
  prefix?: string;
  date?: '' | 'yyyy' | 'yyyyMM' | 'yyyyMMdd';
  digits: number;
  reset: 'never' | 'year' | 'month' | 'day';
}

/** What a role reads: "role:<key>" of the definitions, or "platform:<role>". "*" means all other fields. */
export interface Reader {
  uid: string;
  who: string;
  rights: Record<string, 'hidden' | 'read'>;
}

/** An amount of time: by the clock, or in working time of a calendar (the company's, where none is named). */
export interface Span {
  amount: number;
  unit: 'minutes' | 'hours' | 'days';
  time?: 'clock' | 'working';
  calendar?: string;
}

/** The time that a ticket is to take at most, and the roles that are told when it is over. */
export interface Clock {
  within: Span;
  tell?: string[];
}

/** What somebody has written beside the steps; it does nothing. */
export interface Note {
  uid: string;
  text: Text;
}

/** The step, what is filled in there, and how, where that is not plain. */
export type StoryLine = [string, Config, Config?];

/** A played example of a workflow: publishing plays it again. */
export interface Story {
  uid: string;
  title: Text;
  say: StoryLine[];
  records?: Config;
  people?: Config;
  /** When it begins, on the wall of that zone. */
  clock?: { at: string; zone: string };
  then: { status?: string; result?: string; waiting?: string[] };
}

export interface WorkflowDoc extends Doc {
  form?: string;
  ticket_title?: Text;
  urgent_when?: Tree;
  summary_fields?: string[];
  readers?: Reader[];
  recall?: 'first' | 'any' | 'never';
  urge?: boolean;
  no_recall_after?: string[];
  number?: Numbering;
  clock?: Clock;
  nodes: FlowNode[];
  edges: FlowEdge[];
  notes?: Note[];
  stories?: Story[];
  /** Where steps and notes stand. */
  layout?: { nodes?: Record<string, Point> };
}

/** The columns of a settlement; the rest of it is the settlement editor's affair. */
export interface SettlementDoc extends Doc {
  inputs: Field[];
  [more: string]: unknown;
}

/** The columns of a decision table; the rest of it is the table editor's affair. */
export interface TableDoc extends Doc {
  inputs: Field[];
  outputs: Field[];
  [more: string]: unknown;
}

/** What is wrong with a document, and where: uids of elements, and a JSON pointer. */
export interface Problem {
  code: string;
  params: Record<string, unknown>;
  severity: 'error' | 'warning';
  nodes: string[];
  edges: string[];
  fields: string[];
  path: string;
  message: string;
  advice: string;
  /** Of a workflow: the moves that lead there, and the edits that put it right (`runtime/checks/soundness.py`, `mending.py`). */
  trace?: TraceMove[];
  fix?: Mend[];
}

/** A step takes tokens from edges (a jump to a step is "~" and its uid, the first token is "") and puts some on others. */
export interface TraceMove {
  node: string;
  took: string[];
  ways: string[];
}

export type Mend =
  | { edit: 'set'; node: string; config: Config }
  | { edit: 'add'; node: FlowNode; before: string }
  | { edit: 'add'; node: FlowNode; after: string }
  | { edit: 'lead'; edge: string; target: string }
  | { edit: 'connect'; edge: FlowEdge };

/** A document as lists show it. `active`: the version in force; `changed`: the draft says something else. */
export interface Head {
  id: string;
  kind: Kind;
  key: string;
  title: Text;
  revision: number;
  active: number | null;
  changed: boolean;
  updated_at: string;
  updated_by: string;
}

export interface Listed<D extends Doc = Doc> extends Head {
  draft: D;
}

export interface Version {
  number: number;
  name: string;
  note: string;
  published_at: string;
  published_by: string;
}

export interface Opened<D extends Doc = Doc> extends Listed<D> {
  versions: Version[];
}

/** A JSON Schema with the words of the inspector in it (`runtime/config.py`). */
export interface Schema {
  type?: string | string[];
  $ref?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  'x-title'?: Text;
  'x-help'?: Text;
  'x-widget'?: string;
  'x-options'?: Record<string, Text>;
  /** What is meant where nothing is set; `x-defaults`: where that depends on another setting. */
  default?: string;
  'x-defaults'?: Record<string, Record<string, string>>;
  /** The section of the inspector that it folds away with. */
  'x-group'?: Text;
  /** The values of other settings with which it matters. */
  'x-when'?: Record<string, string[]>;
  /** It matters where one of these is on. */
  'x-any'?: string[];
  /** Of a choice in a list: by value, what must be on beside the list. */
  'x-offered'?: Record<string, string>;
  /** It must be set wherever it matters. */
  'x-needed'?: boolean;
  /** Of which kinds of values the fields are that it may name. */
  'x-kinds'?: string[];
  /** What a newly drawn step says; what was drawn before may say nothing, and means the default. */
  'x-drawn'?: string;
  /** The card of a step begins with it. */
  'x-told'?: boolean;
}

export type Family = 'people' | 'routing' | 'time' | 'work' | 'ends';

export interface NodeType {
  name: string;
  title: Text;
  help: Text;
  family: Family;
  icon: string;
  config: Schema;
  /** The fewest and the most edges; null: any number. */
  ways_in: [number, number | null];
  ways_out: [number, number | null];
  /** The named ways out that may be drawn, each once. */
  outcomes?: Readonly<Record<string, Text>>;
  /** What the trade calls it besides: it is found by that too. */
  also?: readonly string[];
}

export interface FieldType {
  name: string;
  title: Text;
  help: Text;
  kind: string;
  group: string;
  icon: string;
  config: Schema;
  computed: boolean;
  /** It may be a column of a table. */
  cell?: boolean;
}

export interface OperatorType {
  name: string;
  title: Text;
  kinds: string[];
  operand: 'none' | 'one' | 'many' | 'two';
  if_missing: boolean;
  /** The kind of what it compares with, where that is not the field's own. */
  of?: string | null;
  /** What may be compared with, by key, where that is a short list: the days of the week. */
  options?: Readonly<Record<string, Text>>;
  /** It asks what day it is. */
  clock?: boolean;
  /** It asks who fills the form: only a form may. */
  me?: boolean;
  /** It asks a choice from a tree of options. */
  tree?: boolean;
}

export interface ChargeModel {
  name: string;
  title: Text;
  help: Text;
  asks: string[];
  /** What it takes besides. */
  may: string[];
  tier_asks: string[];
  tier_may: string[];
  measured: boolean;
  /** One tier is chosen for everything. */
  whole: boolean;
}

export interface FunctionType {
  takes: string[];
  gives: string;
  optional: number;
}

export interface Vocabulary {
  nodes: NodeType[];
  fields: FieldType[];
  operators: OperatorType[];
  models: ChargeModel[];
  /** What of a settlement is drawn from a description: of a rule, a charge, a share, the whole, ... */
  settlement?: Record<string, Schema>;
  /** The settings of a form as a whole. */
  form?: Schema;
  /** How a form is printed. */
  print?: Schema;
  functions: Record<string, FunctionType>;
  /** Over which this company's workflows call other systems. */
  connections?: { key: string; title: string }[];
  /** What is drawn of the icons of the types, by their names: the inside of an SVG. */
  icons?: Record<string, string>;
}

/** One element of a document: the list that it stands in (nodes, edges, fields, rules, ...) and its uid. */
export interface Place {
  group: string;
  uid: string;
}
