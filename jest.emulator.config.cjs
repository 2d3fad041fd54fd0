const base = require('./jest.config.cjs');
const { testPathIgnorePatterns: _, ...shared } = base;

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  roots: ['<rootDir>/test/emulator'],
  // A case builds two VPCs and a service over HTTP before it asks its question.
  testTimeout: 60_000,
  // One moto process answers everybody; more workers than this only queue before it.
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/emulator/start-servers.ts',
  globalTeardown: '<rootDir>/test/emulator/stop-servers.ts',
};
