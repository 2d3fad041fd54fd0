const { testPathIgnorePatterns: _, roots: __, ...shared } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test/faults'],
  // A call that hangs is given up after seconds, and some records are delivered five times.
  testTimeout: 400_000,
};
