// `npm test` gives Node.js room for young objects, and lets it compile each regular expression at once: that takes a tenth off.
// Jest reads this file in every process, so what is set here also reaches the workers.
process.env.CDK_VALIDATION ??= 'false'; // the built-in template validation costs 0.6-1.6 s per test file; `npm run synth` runs it
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // A busy machine is no failure: speed is kept by the bench.
  testTimeout: 60_000,
  roots: ['<rootDir>/test'],
  // Each of these has a configuration and a script of its own.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/(?:browser|bundle|cli|emulator|faults|package|stack-e2e)/',
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  reporters: ['default', '<rootDir>/scripts/report-counts.cjs'],
  restoreMocks: true,
  collectCoverageFrom: ['{bin,lib,lambda}/**/*.ts'],
};
