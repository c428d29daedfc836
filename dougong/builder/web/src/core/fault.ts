/** A formula that is wrong, or that has no value for these data. `at` counts characters from 0, the sentence from 1. */
export class FormulaFault extends Error {
  readonly code: string;
  readonly params: Record<string, unknown>;

  constructor(code: string, params: Record<string, unknown> = {}, at?: number) {
    super(code);
    this.code = code;
    this.params = at === undefined ? params : { ...params, position: at + 1 };
  }
}
