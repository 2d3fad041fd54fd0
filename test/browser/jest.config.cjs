const { testPathIgnorePatterns: _, roots: __, ...shared } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testTimeout: 60_000,
  // Each worker is a browser of its own.
  maxWorkers: 2,
};
