const { testPathIgnorePatterns: _, ...shared } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test/stack-e2e'],
  // A deployment, and the time that an event takes through two queues.
  testTimeout: 60_000,
  // Each synthesis builds the function anew, in the same place.
  maxWorkers: 1,
  // The account that the function looks into. MiniStack, where the stack itself lives, is started by the test.
  globalSetup: '<rootDir>/test/emulator/start-servers.ts',
  globalTeardown: '<rootDir>/test/emulator/stop-servers.ts',
};
