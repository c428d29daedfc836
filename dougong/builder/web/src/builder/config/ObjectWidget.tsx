/** Settings that belong together: drawn from the schema of the object that they are kept in. Without any of them it is not there. */
import type { Config } from '../../core/types';
import { SchemaForm } from './SchemaForm';
import type { WidgetProps } from './widget';

export function ObjectWidget({ label, schema, value, onChange, pointer, widgets = {} }: WidgetProps) {
  const config = (value ?? {}) as Config;
  const set = (key: string, next: unknown) => {
    const { [key]: _, ...rest } = config;
    const found = next === undefined ? rest : { ...config, [key]: next };
    onChange(Object.keys(found).length ? found : undefined);
  };
  return (
    <div className="b-assignment" role="group" aria-label={label}>
      <SchemaForm schema={schema} value={config} pointer={pointer} widgets={widgets} onChange={set} />
    </div>
  );
}

ObjectWidget.saysInner = true;
