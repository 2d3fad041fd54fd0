const { testPathIgnorePatterns: _, roots: __, ...shared } = require('../../jest.config.cjs');

// What `npm test` plays over a table in memory is played over an emulated one here, and what it samples is tried whole.
process.env.DYNAMODB = 'emulated';
process.env.WHOLE = '1';

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test'],
  testMatch: [
    '<rootDir>/test/faults/**/*.test.ts',
    '<rootDir>/test/incident/{any-sequence,incidents}.test.ts',
    '<rootDir>/test/remediate/{execute,plan}.test.ts',
    '<rootDir>/test/checks/hostile-facts.test.ts',
    '<rootDir>/test/error-text/more-messages.test.ts',
    '<rootDir>/test/{anonymise,catalogue}.test.ts',
    '<rootDir>/test/runs/runs.test.ts',
    '<rootDir>/test/{network/agreement,network/laws,network/own-blocks,policy/laws,publish/message}.test.ts',
  ],
  // A call that hangs is given up after seconds, and some records are delivered five times.
  testTimeout: 400_000,
};
