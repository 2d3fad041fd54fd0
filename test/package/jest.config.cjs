const { testPathIgnorePatterns: _, roots: __, ...shared } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  rootDir: '../..',
  roots: ['<rootDir>/test/package'],
  // It builds, packs, installs and synthesizes.
  testTimeout: 180_000,
};
