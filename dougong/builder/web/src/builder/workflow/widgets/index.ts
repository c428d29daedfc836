/** The widgets that only steps have. */
import { ConditionWidget } from '../../config/ConditionWidget';
import { RowsWidget } from '../../config/RowsWidget';
import { FieldWidget } from '../../config/widgets';
import type { Widgets } from '../../config/widget';
import { AssignmentsWidget } from './AssignmentsWidget';
import { DeadlinesWidget } from './DeadlinesWidget';
import { InputsWidget } from './InputsWidget';
import { inCalled } from './inCalled';
import { inRow } from './inRow';
import { PeopleWidget } from './PeopleWidget';
import { RecordFieldWidget, RecordValuesWidget } from './RecordWidgets';
import { RightsWidget } from './RightsWidget';
import { RolesWidget } from './RolesWidget';
import { ConnectionWidget, MessageWidget, SharedWidget } from './SharedWidget';
import { DoneStepsWidget, StepsWidget, StepWidget } from './StepWidgets';
import { TableInputsWidget, TableOutputsWidget } from './TableWidgets';
import { UntilWidget } from './UntilWidget';

export const STEP_WIDGETS: Widgets = {
  people: inRow(PeopleWidget),
  rights: RightsWidget,
  roles: RolesWidget,
  assignments: AssignmentsWidget,
  inputs: InputsWidget,
  'table-inputs': TableInputsWidget,
  'table-outputs': TableOutputsWidget,
  until: UntilWidget,
  deadlines: DeadlinesWidget,
  condition: inRow(ConditionWidget),
  step: StepWidget,
  steps: StepsWidget,
  'done-steps': DoneStepsWidget,
  rows: RowsWidget,
  'record-field': RecordFieldWidget,
  'row-field': inRow(FieldWidget),
  'called-field': inCalled(FieldWidget),
  'record-values': RecordValuesWidget,
  shared: SharedWidget,
  connection: ConnectionWidget,
  message: MessageWidget,
};
