import { useEffect, useState } from 'react';

// The value once it has rested for `wait_ms`.
export function useDebounced<T>(value: T, wait_ms: number): T {
  const [rested, set_rested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set_rested(value), wait_ms);
    return () => clearTimeout(timer);
  }, [value, wait_ms]);
  return rested;
}
