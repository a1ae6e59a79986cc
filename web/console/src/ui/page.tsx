// The frame of a page: a title that is the thing's name, its state, and its next action at the right.

import { useEffect, type ReactNode } from 'react';
import { useOwnText } from '@/i18n';
import { useSession } from '@/session/session';

export function Page(props: {
  title: ReactNode;
  tab_title?: string;
  crumb?: ReactNode;
  lead?: ReactNode;
  state?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { institution } = useSession();
  const bank = useOwnText()(institution.name);
  const name = props.tab_title ?? (typeof props.title === 'string' ? props.title : null);
  useEffect(() => {
    if (name) document.title = `${name} · ${bank}`;
  }, [name, bank]);
  return (
    <div className="page">
      <div className="page-head">
        <div className="titles">
          {props.crumb && <div className="crumb">{props.crumb}</div>}
          <div className="row wrap">
            <h1>{props.title}</h1>
            {props.state}
          </div>
          {props.lead && <p className="lead">{props.lead}</p>}
        </div>
        {props.actions && <div className="actions">{props.actions}</div>}
      </div>
      {props.children}
    </div>
  );
}

export function Panel(props: {
  title?: ReactNode;
  extra?: ReactNode;
  flush?: boolean;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`panel ${props.className ?? ''}`}>
      {props.title && (
        <header>
          <h2>{props.title}</h2>
          {props.extra}
        </header>
      )}
      <div className={`body ${props.flush ? 'flush' : ''}`}>{props.children}</div>
    </section>
  );
}

// The label is tied to its control by `id`; the control gets `aria-describedby` by the caller.
export function Field(props: {
  id?: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="field">
      {props.id ? (
        <label htmlFor={props.id}>{props.label}</label>
      ) : (
        <span className="label">{props.label}</span>
      )}
      {props.children}
      {props.error ? (
        <span className="error" role="alert">
          {props.error}
        </span>
      ) : (
        props.hint && <span className="hint">{props.hint}</span>
      )}
    </div>
  );
}

export function Facts(props: { rows: [ReactNode, ReactNode][] }) {
  return (
    <dl className="facts">
      {props.rows.map(([name, value], i) => [
        <dt key={`n${i}`}>{name}</dt>,
        <dd key={`v${i}`}>{value}</dd>,
      ])}
    </dl>
  );
}
