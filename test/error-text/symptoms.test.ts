import { describe, expect, test } from '@jest/globals';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import { symptoms } from '../../lambda/error-text/symptoms.ts';

describe.each(symptoms)('$id', (symptom) => {
  test('is the first symptom of its own example', () => {
    expect(parsePullError(symptom.example).symptoms[0]).toBe(symptom.id);
  });

  test('has an example that is recognised as a failed pull', () => {
    expect(isPullFailure(symptom.example)).toBe(true);
  });

  test('is attested by a page', () => {
    expect(symptom.attestedBy.url).toMatch(/^https:\/\//);
  });
});
