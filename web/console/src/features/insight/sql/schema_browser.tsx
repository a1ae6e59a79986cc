// The tables that a query may read, what each column means, and the events of the dictionary with
// their properties. What is clicked is put into the query.

import { Input } from 'antd';
import { useState } from 'react';
import type { SqlSchema, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';

type Props = { schema: SqlSchema; vocabulary: Vocabulary; insert: (text: string) => void };

const quoted = (name: string) => `'${name.replace(/'/g, "''")}'`;

export function SchemaBrowser({ schema, vocabulary, insert }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const [wanted, set_wanted] = useState('');
  const hits = (...words: (string | null | undefined)[]) =>
    words.some((word) => word?.toLowerCase().includes(wanted.trim().toLowerCase()));
  const about = (one: { about_zh: string; about_en: string }) =>
    language === 'zh' ? one.about_zh : one.about_en;
  const tables = schema.tables.map((table) => ({
    ...table,
    columns: table.columns.filter((one) => hits(table.name, one.name, about(one))),
  }));
  const events = vocabulary.events.filter((one) =>
    hits(one.name, named(language, one), ...one.properties.map((part) => part.name)),
  );
  const open = wanted.trim() !== '';
  return (
    <div className="sql-schema">
      <Input
        allowClear
        aria-label={t('sql.find')}
        placeholder={t('sql.find')}
        value={wanted}
        onChange={(event) => set_wanted(event.target.value)}
      />
      {tables
        .filter((table) => table.columns.length > 0)
        .map((table) => (
          <details key={table.name} open>
            <summary>
              <b className="mono">{table.name}</b> <span className="soft">{about(table)}</span>
            </summary>
            <ul>
              {table.columns.map((column) => (
                <Entry
                  key={column.name}
                  name={column.name}
                  type={column.type.toLowerCase()}
                  about={about(column)}
                  insert={() => insert(column.name)}
                />
              ))}
            </ul>
          </details>
        ))}
      <h3>{t('sql.dictionary')}</h3>
      {events.map((event) => (
        <details key={event.name} open={open}>
          <summary>
            <span className="mono">{event.name}</span>{' '}
            <span className="soft">{named(language, event)}</span>
          </summary>
          <ul>
            <Entry
              name={`event = ${quoted(event.name)}`}
              about={t('sql.only_event')}
              insert={() => insert(`event = ${quoted(event.name)}`)}
            />
            {event.properties.map((one) => (
              <Entry
                key={one.name}
                name={one.name}
                type={one.type}
                about={one.type === 'sealed' ? t('sql.masked') : named(language, one)}
                insert={() => insert(`properties->>${quoted(one.name)}`)}
              />
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

function Entry(props: { name: string; type?: string; about: string; insert: () => void }) {
  const t = useT();
  return (
    <li>
      <button
        type="button"
        className="plain-button"
        title={t('sql.insert')}
        onClick={props.insert}
      >
        <span className="mono">{props.name}</span>{' '}
        {props.type && <span className="soft small">{props.type}</span>}
        <span className="soft small about">{props.about}</span>
      </button>
    </li>
  );
}
