import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // One less than there are cores is the default, which leaves half of a small machine idle.
    maxWorkers: '100%',
    globalSetup: ['test/support/nix-notice.ts'],
    projects: [
      { test: { name: 'offline', include: ['test/**/*.test.ts'], exclude: ['test/live/**'], testTimeout: 60_000 } },
      { test: { name: 'live', include: ['test/live/**/*.test.ts'], testTimeout: 1_200_000 } },
    ],
  },
});
