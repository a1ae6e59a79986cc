// Which column becomes what: a suggestion of the server that the person corrects.

import { Checkbox, Input, Radio, Select } from 'antd';
import type { ColumnMapping, ImportMapping, ImportPreview } from '@/api/types';
import { useT } from '@/i18n';
import { Field } from '@/ui/page';

type Props = {
  preview: ImportPreview;
  mapping: ImportMapping;
  change: (mapping: ImportMapping) => void;
};

const types = ['string', 'number', 'boolean', 'time', 'string_set'] as const;

export function MappingEditor({ preview, mapping, change }: Props) {
  const t = useT();
  const names = preview.columns.map((column) => column.name);
  const by_column = 'column' in mapping.id;
  const set_kind = (kind: ImportMapping['kind']) =>
    change({
      ...mapping,
      kind,
      event: kind === 'events' ? (mapping.event ?? { name: '' }) : undefined,
      time: kind === 'events' ? mapping.time : undefined,
    });
  return (
    <div className="fields">
      <Field label={t('imports.kind')}>
        <Radio.Group
          aria-label={t('imports.kind')}
          value={mapping.kind}
          options={(['tags', 'events'] as const).map((kind) => ({
            value: kind,
            label: t(`imports.kind.${kind}`),
          }))}
          onChange={(event) => set_kind(event.target.value as ImportMapping['kind'])}
        />
      </Field>
      <div className="fields two">
        <Field
          id="map-id"
          label={t('imports.id')}
          hint={by_column ? undefined : t('imports.row_prefix_hint')}
        >
          <Select
            id="map-id"
            showSearch
            value={'column' in mapping.id ? mapping.id.column : ''}
            options={[
              { value: '', label: t('imports.no_id') },
              ...names.map((name) => ({ value: name, label: name })),
            ]}
            onChange={(column: string) =>
              change({ ...mapping, id: column ? { column } : { row_prefix: 'row-' } })
            }
          />
        </Field>
        {'row_prefix' in mapping.id && (
          <Field id="map-prefix" label={t('imports.row_prefix')}>
            <Input
              id="map-prefix"
              value={mapping.id.row_prefix}
              onChange={(event) => change({ ...mapping, id: { row_prefix: event.target.value } })}
            />
          </Field>
        )}
        {mapping.kind === 'events' && (
          <EventFields names={names} mapping={mapping} change={change} />
        )}
      </div>
      <Columns preview={preview} mapping={mapping} change={change} />
    </div>
  );
}

function EventFields(props: {
  names: string[];
  mapping: ImportMapping;
  change: (mapping: ImportMapping) => void;
}) {
  const t = useT();
  const { names, mapping, change } = props;
  const fixed = mapping.event && 'name' in mapping.event ? mapping.event.name : '';
  const column = mapping.event && 'column' in mapping.event ? mapping.event.column : '';
  return (
    <>
      <Field id="map-event" label={t('imports.event')}>
        <Select
          id="map-event"
          value={column}
          options={[
            { value: '', label: t('imports.one_event') },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(name: string) =>
            change({ ...mapping, event: name ? { column: name } : { name: '' } })
          }
        />
      </Field>
      {column === '' && (
        <Field id="map-event-name" label={t('imports.event_name')}>
          <Input
            id="map-event-name"
            value={fixed}
            onChange={(event) => change({ ...mapping, event: { name: event.target.value } })}
          />
        </Field>
      )}
      <Field id="map-time" label={t('imports.time')}>
        <Select
          id="map-time"
          value={mapping.time?.column ?? ''}
          options={[
            { value: '', label: t('imports.now') },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(name: string) =>
            change({ ...mapping, time: name ? { column: name, format: 'auto' } : undefined })
          }
        />
      </Field>
    </>
  );
}

function Columns({ preview, mapping, change }: Props) {
  const t = useT();
  const id_column = 'column' in mapping.id ? mapping.id.column : null;
  const set = (name: string, column: ColumnMapping) =>
    change({ ...mapping, columns: { ...mapping.columns, [name]: column } });
  const shown = preview.columns.filter((column) => column.name !== id_column);
  return (
    <table className="data-table cards">
      <caption className="visually-hidden">{t('imports.columns')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('imports.column')}</th>
          <th scope="col">{t('imports.samples')}</th>
          <th scope="col">{t('imports.becomes')}</th>
          <th scope="col">{t('dictionary.type')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((column) => {
          const to = mapping.columns[column.name];
          const used = to !== undefined && 'to' in to ? to : null;
          return (
            <tr key={column.name}>
              <td className="lead">
                <Checkbox
                  checked={used !== null}
                  onChange={(event) =>
                    set(
                      column.name,
                      event.target.checked
                        ? { to: column.name, type: column.type }
                        : { skip: true },
                    )
                  }
                >
                  {column.name}
                </Checkbox>
              </td>
              <td data-label={t('imports.samples')}>
                <span className="soft small clip">{column.samples.slice(0, 3).join(' · ')}</span>
              </td>
              <td data-label={t('imports.becomes')}>
                {used && (
                  <Input
                    size="small"
                    aria-label={`${column.name}: ${t('imports.becomes')}`}
                    value={used.to}
                    onChange={(event) => set(column.name, { ...used, to: event.target.value })}
                  />
                )}
              </td>
              <td data-label={t('dictionary.type')}>
                {used && (
                  <Select
                    size="small"
                    style={{ width: 110 }}
                    aria-label={`${column.name}: ${t('dictionary.type')}`}
                    value={used.type}
                    options={types.map((one) => ({ value: one, label: t(`type.${one}`) }))}
                    onChange={(type) => set(column.name, { ...used, type })}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
