// A question that takes more than a second: how far it is, the time left, and a way to stop it.

import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { question_key, useHowFar, useUnderWay, type UnderWay } from '@/api/questions';
import { useT } from '@/i18n';

const patience_ms = 1000;
const worth_telling_ms = 2000;

// Of those given, the ones that have taken longer than that.
function useLong(given: readonly UnderWay[]): readonly UnderWay[] {
  const [looked, set_looked] = useState(Date.now());
  const long_from = (one: UnderWay) => one.began + patience_ms;
  const next = Math.min(...given.map(long_from).filter((from) => from > looked));
  useEffect(() => {
    if (!Number.isFinite(next)) return undefined;
    const timer = setTimeout(() => set_looked(Date.now()), Math.max(0, next - Date.now()));
    return () => clearTimeout(timer);
  }, [next, looked]);
  return given.filter((one) => long_from(one) <= looked);
}

// In the place of the answer.
export function AnswerUnderWay({ kind, question }: { kind: string; question: unknown }) {
  const key = question_key(kind, question);
  const long = useLong(useUnderWay().filter((one) => one.key === key));
  return long[0] ? <Bar of={long} /> : null;
}

// At the foot of the page, of those that no view shows in place.
export function OthersUnderWay() {
  const long = useLong(useUnderWay().filter((one) => !one.in_place));
  return long[0] ? (
    <aside className="under-way-strip">
      <Bar of={long} />
    </aside>
  ) : null;
}

// The oldest tells how far they are: the others wait for it, or run beside it.
function Bar({ of }: { of: readonly UnderWay[] }) {
  const t = useT();
  const how_far = useHowFar(of[0]!.id);
  const { done = 0, left_ms = null } = how_far.data ?? {};
  const percent = Math.round(done * 100);
  const seconds = left_ms !== null && left_ms > worth_telling_ms ? Math.ceil(left_ms / 1000) : null;
  return (
    <div className="under-way">
      <div className="grow stack tight">
        <span className="small">
          <span role="status">{t('under_way.text', { count: of.length })}</span>
          {seconds !== null && ` · ${t('job.left', { seconds })}`}
        </span>
        <div
          className="progress"
          role="progressbar"
          aria-valuenow={done > 0 ? percent : undefined}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-label={t('job.progress')}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      </div>
      <Button size="small" onClick={() => of.forEach((one) => one.stop())}>
        {t('under_way.stop')}
      </Button>
    </div>
  );
}
