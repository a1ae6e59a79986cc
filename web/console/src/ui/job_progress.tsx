// The progress of a job, with the time left once it can be told.

import { useJob } from '@/api/job';
import { useLabel, useT } from '@/i18n';
import { Num } from './show';
import { Failure } from './states';

const worth_telling_s = 2;

export function JobProgress(props: { id: string }) {
  const t = useT();
  const label = useLabel();
  const job = useJob(props.id);
  if (job.error) return <Failure error={job.error} inline />;
  if (!job.data) return null;
  const { status, progress, done, total, started_at, message } = job.data;
  const spent = started_at ? (Date.now() - new Date(started_at).getTime()) / 1000 : 0;
  const left = progress > 0 ? Math.ceil((spent / progress) * (1 - progress)) : null;
  const percent = Math.round(progress * 100);
  return (
    <div className="stack tight" role="status">
      <div
        className="progress"
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={t('job.progress')}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
      <span className="soft small">
        {label('job.status', status)} · <Num value={done} /> / <Num value={total} />
        {status === 'running' &&
          left !== null &&
          left > worth_telling_s &&
          ` · ${t('job.left', { seconds: left })}`}
        {message && ` · ${message}`}
      </span>
    </div>
  );
}
