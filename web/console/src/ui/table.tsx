// A list as a table; on a narrow screen each row becomes a card.

import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useT } from '@/i18n';
import { Failure, Skeleton } from './states';

export type Column<T> = {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  end?: boolean;
  lead?: boolean; // the cell that names the row
  wide?: boolean; // of a card the whole width
  width?: number | string;
};

type Props<T> = {
  columns: Column<T>[];
  rows: T[] | undefined;
  row_key: (row: T) => string;
  label: string;
  error?: unknown;
  retry?: () => void;
  empty?: ReactNode;
  to?: (row: T) => string;
  on_open?: (row: T) => void;
  more?: (() => void) | null;
  loading_more?: boolean;
};

export function DataTable<T>(props: Props<T>) {
  const t = useT();
  if (props.error && !props.rows) return <Failure error={props.error} retry={props.retry} />;
  if (props.rows?.length === 0) return props.empty ?? null;
  return (
    <div className="table-wrap">
      <table className="data-table cards" aria-busy={!props.rows}>
        <caption className="visually-hidden">{props.label}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.end ? 'end' : ''}
                style={{ width: column.width }}
              >
                {column.title || <span className="visually-hidden">{t('ui.actions')}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.rows ? <Rows {...props} rows={props.rows} /> : <Waiting {...props} />}</tbody>
      </table>
      {props.more && (
        <div className="row" style={{ justifyContent: 'center', padding: 12 }}>
          <Button onClick={props.more} loading={props.loading_more}>
            {t('ui.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

// Clicks on links, buttons and inputs inside a row are theirs, not the row's.
function is_own_control(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a,button,input,[role=switch]') !== null;
}

function Rows<T>(props: Props<T> & { rows: T[] }) {
  const navigate = useNavigate();
  const opens = props.to ?? props.on_open;
  const open = (row: T) => {
    if (props.on_open) props.on_open(row);
    else if (props.to) void navigate(props.to(row));
  };
  return props.rows.map((row) => (
    <tr
      key={props.row_key(row)}
      className={opens ? 'can-open' : ''}
      onClick={opens ? (event) => !is_own_control(event.target) && open(row) : undefined}
    >
      {props.columns.map((column) => (
        <td
          key={column.key}
          data-label={column.title}
          className={[column.end && 'end', column.lead && 'lead', column.wide && 'wide']
            .filter(Boolean)
            .join(' ')}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  ));
}

function Waiting<T>(props: Props<T>) {
  return Array.from({ length: 6 }, (_, row) => (
    <tr key={row}>
      {props.columns.map((column, i) => (
        <td key={column.key} className={column.end ? 'end' : ''}>
          <Skeleton width={i === 0 ? 140 : 56} height={14} />
        </td>
      ))}
    </tr>
  ));
}
