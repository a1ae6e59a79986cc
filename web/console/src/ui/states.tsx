// What a part of a page shows while it has nothing to show: loading, empty, failed, no right.

import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Permission } from '@/api/types';
import { as_problem } from '@/api/problem';
import { useLabel, useLanguage, useT } from '@/i18n';
import { useMay } from '@/session/session';

export function Skeleton(props: { width?: number | string; height?: number | string }) {
  return (
    <span
      className="skeleton"
      style={{ width: props.width ?? '100%', height: props.height ?? 14 }}
      aria-hidden
    />
  );
}

export function Loading(props: { rows?: number; height?: number }) {
  const t = useT();
  const widths = ['62%', '88%', '74%', '51%', '80%'];
  return (
    <div className="stack tight" style={{ padding: 16 }} role="status">
      <span className="visually-hidden">{t('ui.loading')}</span>
      {props.height ? (
        <Skeleton height={props.height} />
      ) : (
        Array.from({ length: props.rows ?? 4 }, (_, i) => (
          <Skeleton key={i} width={widths[i % 5]} height={16} />
        ))
      )}
    </div>
  );
}

export function Empty(props: {
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
  mark?: ReactNode;
}) {
  return (
    <div className="state">
      <div className="mark" aria-hidden>
        {props.mark ?? '○'}
      </div>
      <h3>{props.title}</h3>
      {props.text && <p>{props.text}</p>}
      {props.action && <div className="row">{props.action}</div>}
    </div>
  );
}

export function CopyButton(props: { text: string; label?: string }) {
  const t = useT();
  const [copied, set_copied] = useState(false);
  const copy = async () => {
    await copy_text(props.text);
    set_copied(true);
    setTimeout(() => set_copied(false), 1500);
  };
  return (
    <Button size="small" onClick={() => void copy()}>
      {copied ? t('ui.copied') : (props.label ?? t('ui.copy'))}
    </Button>
  );
}

// navigator.clipboard exists only on secure origins.
export async function copy_text(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

// One sentence for an error, in the person's language, by the code of the refusal. Where one code
// covers several cases the server's own English sentence follows.
export function useProblemText(): (error: unknown) => string {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  return (error) => {
    const problem = as_problem(error);
    const { code } = problem;
    const is_own = language === 'en' || /[\u4e00-\u9fff]/.test(problem.detail);
    const detail = problem.detail && (is_own ? problem.detail : `（${problem.detail}）`);
    const known = label('problem', code, { detail }).trim();
    if (known && known !== code) return known;
    if (problem.detail && is_own) return problem.detail;
    const status = label('problem.status', String(problem.status));
    return (status === String(problem.status) ? t('problem.unknown') : status) + detail;
  };
}

export function Failure(props: { error: unknown; retry?: () => void; inline?: boolean }) {
  const t = useT();
  const text = useProblemText();
  const problem = as_problem(props.error);
  if (problem.status === 403) return <NoRight detail={problem.detail} />;
  const request = problem.request_id && (
    <span className="request-id row">
      <span>
        {t('ui.request_id')} <code>{problem.request_id}</code>
      </span>
      <CopyButton text={problem.request_id} />
    </span>
  );
  if (props.inline) {
    return (
      <div className="notice bad" role="alert">
        <span className="grow">{text(problem)}</span>
        {request}
      </div>
    );
  }
  return (
    <div className="state" role="alert">
      <div className="mark bad" aria-hidden>
        !
      </div>
      <h3>{t(problem.is_offline ? 'ui.offline' : 'ui.failed')}</h3>
      <p>{text(problem)}</p>
      {request}
      {props.retry && (
        <div className="row">
          <Button onClick={props.retry}>{t('ui.retry')}</Button>
        </div>
      )}
    </div>
  );
}

export function NoRight(props: { permission?: Permission; detail?: string }) {
  const t = useT();
  const label = useLabel();
  return (
    <div className="state">
      <div className="mark" aria-hidden>
        ⊘
      </div>
      <h3>{t('ui.no_right')}</h3>
      <p>
        {props.permission
          ? t('ui.no_right_text', { what: label('permission', props.permission) })
          : props.detail}
      </p>
      <p className="small">{t('ui.who_grants')}</p>
    </div>
  );
}

// Shows its children only to those who may; says what is missing to the others.
export function Guard(props: { permission: Permission; children: ReactNode }) {
  const may = useMay();
  return may(props.permission) ? props.children : <NoRight permission={props.permission} />;
}

type Shown<T> = {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
};

// Loading, failed, or the thing itself.
export function Loaded<T>(props: {
  of: Shown<T>;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  const { of } = props;
  if (of.data !== undefined) return props.children(of.data);
  if (of.error) return <Failure error={of.error} retry={() => void of.refetch()} />;
  return <Loading rows={props.rows} height={props.height} />;
}
