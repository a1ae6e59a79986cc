// What is wrong with a message, in the person's language: by its code where we have words for it, and
// else as the server says it.

import type { LintProblem } from '@/api/types';
import { useLabel } from '@/i18n';

export function useLintText(): (problem: LintProblem) => string {
  const label = useLabel();
  return ({ code, detail }) => {
    if (!code) return detail;
    const name = /"([^"]*)"/.exec(detail)?.[1] ?? '';
    const example = `{{ ${name} | default: "…" }}`;
    const words = label('lint', code, { name, example });
    return words === code ? detail : words;
  };
}
