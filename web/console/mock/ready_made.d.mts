import type { components } from '../src/api/schema';

export const ready_made: components['schemas']['ReadyMadeQuestion'][];
