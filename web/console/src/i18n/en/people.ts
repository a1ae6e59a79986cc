} as const;
