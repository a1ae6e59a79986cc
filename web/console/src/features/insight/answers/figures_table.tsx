// The numbers of a chart as a table that opens below it; each number may open its people.

import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { Num } from '@/ui/show';

type Props = { label: string; head: string[]; rows: { key: string; cells: ReactNode[] }[] };

export function FiguresTable({ label, head, rows }: Props) {
  const t = useT();
  return (
    <details className="figures">
      <summary>{t('question.data')}</summary>
      <div className="scroll-x" tabIndex={0} role="group" aria-label={label}>
        <table className="data-table">
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {head.map((one, i) => (
                <th key={i} scope="col" className={i ? 'end' : ''}>
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                {row.cells.map((cell, i) => (
                  <td key={i} className={i ? 'end' : ''}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

// A number that opens the people behind it.
export function OpenNumber(props: { value: number; label: string; open: () => void }) {
  return (
    <button type="button" className="link-button num" aria-label={props.label} onClick={props.open}>
      <Num value={props.value} />
    </button>
  );
}
