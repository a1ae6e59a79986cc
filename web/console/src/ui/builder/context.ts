import { createContext, useContext } from 'react';
import type { Vocabulary } from '@/api/types';
import type { BuilderContext } from './editor';

export const Building = createContext<BuilderContext | null>(null);

export function useBuilder(): BuilderContext {
  const context = useContext(Building);
  if (!context) throw new Error('a part of the builder outside of it');
  return context;
}

// What the editors of chips offer; they serve the builder of rules and that of formulas.
export const Offered = createContext<Vocabulary | null>(null);

export function useOffered(): Vocabulary {
  const vocabulary = useContext(Offered);
  if (!vocabulary) throw new Error('an editor of a chip without a vocabulary');
  return vocabulary;
}
