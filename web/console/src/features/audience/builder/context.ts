import { createContext, useContext } from 'react';
import type { BuilderContext } from './editor';

export const Building = createContext<BuilderContext | null>(null);

export function useBuilder(): BuilderContext {
  const context = useContext(Building);
  if (!context) throw new Error('a part of the builder outside of it');
  return context;
}
