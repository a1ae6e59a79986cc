import { Button, Input } from 'antd';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { as_problem } from '@/api/problem';
import { useLanguage, useT } from '@/i18n';
import { useSignIn } from '@/session/session';
import { Field } from '@/ui/page';
import { Failure, Loading } from '@/ui/states';
import '@/shell/shell.css';

// Takes the address that the person wanted, but never one of another site.
function wanted_address(from: string | null): string {
  return from?.startsWith('/') && !from.startsWith('//') ? from : '/';
}

export default function SignInPage(props: { signed_in: boolean }) {
  const t = useT();
  const [params] = useSearchParams();
  const link_token = params.get('link');
  const navigate = useNavigate();
  const after = wanted_address(params.get('to'));
  useEffect(() => {
    document.title = `${t('sign_in.title')} · 桥 Qiao`;
    if (props.signed_in && !link_token) void navigate(after, { replace: true });
  }, [props.signed_in, link_token, after, navigate, t]);
  return (
    <div className="sign-in">
      <Story />
      <main className="form">
        <div className="corner">
          <LanguageLink />
        </div>
        {link_token ? <ByLink token={link_token} /> : <ByPassword after={after} />}
      </main>
    </div>
  );
}

function ByPassword(props: { after: string; failed_link?: boolean }) {
  const t = useT();
  const sign_in = useSignIn();
  const navigate = useNavigate();
  const [login, set_login] = useState('');
  const [password, set_password] = useState('');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    set_busy(true);
    set_error(null);
    try {
      await sign_in({ login, password });
      void navigate(props.after, { replace: true });
    } catch (problem) {
      set_error(problem);
      set_busy(false);
    }
  };
  return (
    <form className="fields" onSubmit={(event) => void submit(event)}>
      <h1>{t('sign_in.title')}</h1>
      {props.failed_link && !error && (
        <div className="notice warn" role="alert">
          {t('sign_in.link_failed')}
        </div>
      )}
      {error !== null && <SignInProblem error={error} />}
      <Field id="login" label={t('sign_in.login')}>
        <Input
          id="login"
          size="large"
          autoFocus
          autoComplete="username"
          value={login}
          onChange={(event) => set_login(event.target.value)}
        />
      </Field>
      <Field id="password" label={t('sign_in.password')}>
        <Input.Password
          id="password"
          size="large"
          autoComplete="current-password"
          value={password}
          onChange={(event) => set_password(event.target.value)}
        />
      </Field>
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        loading={busy}
        disabled={!login || !password}
      >
        {t('sign_in.submit')}
      </Button>
      <p className="soft small">{t('sign_in.help')}</p>
    </form>
  );
}

function SignInProblem({ error }: { error: unknown }) {
  const t = useT();
  if (as_problem(error).status !== 401) return <Failure error={error} inline />;
  return (
    <div className="notice bad" role="alert">
      {t('sign_in.failed')}
    </div>
  );
}

// A one-time link signs in by itself, once.
function ByLink(props: { token: string }) {
  const t = useT();
  const sign_in = useSignIn();
  const navigate = useNavigate();
  const started = useRef(false);
  const [failed, set_failed] = useState(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    sign_in({ link_token: props.token })
      .then(() => navigate('/', { replace: true }))
      .catch(() => set_failed(true));
  }, [props.token, sign_in, navigate]);
  if (failed) return <ByPassword after="/" failed_link />;
  return (
    <div role="status">
      <p>{t('sign_in.link_working')}</p>
      <Loading rows={2} />
    </div>
  );
}

function LanguageLink() {
  const { language, choose } = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button type="text" onClick={() => choose(other)} lang={other === 'en' ? 'en' : 'zh-CN'}>
      {other === 'en' ? 'English' : '中文'}
    </Button>
  );
}

function Story() {
  const t = useT();
  return (
    <aside className="story">
      <svg viewBox="0 0 420 130" aria-hidden>
        <path
          d="M10 100h400M50 100c0-50 62-78 160-78s160 28 160 78M90 100V62M130 100V42M170 100V28M210 100V22M250 100V28M290 100V42M330 100V62"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="2.5"
          strokeLinecap="round"
        />
        <path
          d="M30 118h360"
          stroke="var(--accent-line)"
          strokeWidth="2.5"
          strokeDasharray="22 14"
        />
      </svg>
      <h2>{t('sign_in.lead')}</h2>
      <ul>
        <li>{t('sign_in.point.know')}</li>
        <li>{t('sign_in.point.choose')}</li>
        <li>{t('sign_in.point.measure')}</li>
      </ul>
    </aside>
  );
}
