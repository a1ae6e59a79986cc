// What every answer is given: words, and the ways from a number to its people.

import { createContext, useContext } from 'react';
import type { PeopleSelector } from '@/api/question_types';
import type { Rule } from '@/rule/types';
import type { Words } from '../question/sentence';

export type AnswerTools = {
  words: Words;
  small: boolean; // in a tile: the chart alone
  // `name`: of the people, where the title says more than a name should.
  open_people: (
    selector: PeopleSelector,
    title: string,
    rule?: Rule | null,
    name?: string,
  ) => void;
  save_audience: ((rule: Rule, name: string) => void) | null;
  saving: boolean;
  keep_people: ((selector: PeopleSelector, title: string) => void) | null; // as they are now
};

export const Tools = createContext<AnswerTools | null>(null);

export function useTools(): AnswerTools {
  const tools = useContext(Tools);
  if (!tools) throw new Error('an answer outside of a question');
  return tools;
}
