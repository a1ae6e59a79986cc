import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Problem } from '@/api/problem';
import { LookProvider } from '@/app/theme';
import { Root } from '@/app/root';
import { initial_language, LanguageProvider, load_messages } from '@/i18n';
import '@/app/styles.css';
import '@/ui/ui.css';

// Only faults of the moment are worth another try; an answer of the server is final.
function should_retry(failures: number, error: unknown): boolean {
  const passing = error instanceof Problem && (error.status === 0 || error.status === 503);
  return passing && failures < 2;
}

// What somebody stopped does not start again by itself.
const was_stopped = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'question.stopped';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: should_retry,
      refetchOnWindowFocus: (query) => !was_stopped(query.state.error),
    },
    mutations: { retry: false },
  },
});

async function start(): Promise<void> {
  const language = initial_language();
  const messages = await load_messages(language);
  createRoot(document.getElementById('root')!).render(
    <QueryClientProvider client={queries}>
      <LanguageProvider first={{ language, messages }}>
        <BrowserRouter>
          <LookProvider>
            <Root />
          </LookProvider>
        </BrowserRouter>
      </LanguageProvider>
    </QueryClientProvider>,
  );
}

void start();
