const { testPathIgnorePatterns: _, roots: __, ...shared } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  // What is built, as people run it: each test starts a process.
  roots: ['<rootDir>/test/bundle', '<rootDir>/test/cli'],
};
