// A Jest reporter that leaves its counts in the folder that TEST_REPORTS names. `.ci/run` adds them up.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class ReportCounts {
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const folder = process.env.TEST_REPORTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    writeFileSync(join(folder, `jest-${process.pid}.json`), JSON.stringify(counts));
  }
};
